// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

// The pages of the hub as values, and the HTML that they become. No page has a script, and every
// text that somebody wrote is escaped here.
namespace ostler::hub {

/// What every page has.
struct PageFrame {
  std::string organization;         ///< its slug; empty before the hub's first start is over
  std::string public_url;           ///< of the hub, without a slash at its end
  std::string nonce;                ///< that the page's style needs to be obeyed
  std::optional<std::string> user;  ///< who is signed in
};

/// A job that has a log.
struct JobLine {
  std::string name;
  std::string state;  ///< as commands say it
  std::string look;   ///< the class of the state
  std::string url;    ///< of the job in the REST API; empty: its log may not be read
  std::optional<std::chrono::microseconds> took{};
};

struct BuildLine {
  std::string pipeline;  ///< slug
  std::int64_t number = 0;
  std::string state;
  std::string message;
  std::string branch;
  std::string commit;
  std::string creator;
  Timestamp created_at{};
  std::optional<std::chrono::microseconds> took{};
  std::string url;  ///< of its page
  std::vector<JobLine> jobs{};
  bool has_more_jobs = false;
};

/// What there is to say of a part of the fleet, a line each.
struct FactsPage {
  struct Fact {
    std::string name;
    std::string value;
    std::string url;  ///< of the value's own page; empty: none
  };
  std::string kind;   ///< "Agent"
  std::string title;  ///< its name
  std::vector<Fact> facts{};
};

/// "/ci" of "https://example.com/ci": what stands before every path when a proxy puts the hub
/// there; else empty.
std::string base_path(std::string_view public_url);

/// The first page for somebody who is signed in. `refusal`: why there are no builds.
std::string render_builds(const PageFrame& frame, const std::vector<BuildLine>& builds,
                          const std::string& refusal);
/// The newest builds of one pipeline.
std::string render_pipeline(const PageFrame& frame, const std::string& pipeline,
                            const std::vector<BuildLine>& builds);
/// An agent, a cluster or a queue.
std::string render_facts(const PageFrame& frame, const FactsPage& facts);
/// One build with all of its jobs.
std::string render_build(const PageFrame& frame, const BuildLine& build);
/// What everybody else gets in place of the page at `asked_for`, to which it leads. `refusal`: why
/// the last attempt failed; empty: there was none.
std::string render_sign_in(const PageFrame& frame, const std::string& refusal,
                           const std::string& asked_for);
/// A page that says why it is not another one.
std::string render_refusal(const PageFrame& frame, const std::string& refusal);

}  // namespace ostler::hub
