// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <future>
#include <nlohmann/json.hpp>
#include <string>

#include "support/http_call.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"

namespace ostler {

/// A session with a hub, call by call, in the words of the Agent API.
class ScriptedAgent {
 public:
  /// Registers and connects.
  explicit ScriptedAgent(const support::HubProcess& hub, nlohmann::json tags = nullptr);

  /// A call with any token; a body that is null is none.
  support::HttpAnswer call(const std::string& method, const std::string& path,
                           const nlohmann::json& body = nullptr,
                           const std::string& token = "") const;

  const nlohmann::json& registration() const { return registration_; }
  std::string session_token() const { return registration_["access_token"]; }

  /// The id of the job in the answer to a ping; empty when there is none.
  std::string ping(int wait = 0) const;
  /// Accepts and returns the job object; the job's token is used from then on.
  nlohmann::json accept(const std::string& job);
  support::HttpAnswer start(const std::string& job) const;
  support::HttpAnswer chunk(const std::string& job, int sequence, std::size_t offset,
                            const std::string& text) const;
  std::string state(const std::string& job, int wait = 0) const;
  support::HttpAnswer finish(const std::string& job, const std::string& exit_status = "0") const;
  /// A call about the accepted job with its token.
  support::HttpAnswer job_call(const std::string& method, const std::string& path,
                               const nlohmann::json& body = nullptr) const {
    return call(method, path, body, job_token_);
  }
  const std::string& job_token() const { return job_token_; }

 private:
  const support::HubProcess& hub_;
  nlohmann::json registration_;
  std::string job_token_;
};

/// Two pings of one agent, of which the newer has the wait. When the older has been answered, the
/// other one has surely come to the hub.
class WaitingPings {
 public:
  explicit WaitingPings(const ScriptedAgent& agent);

  /// The answer to the older; empty when it has none after 15 s.
  support::HttpAnswer superseded();
  /// The answer to the newer. Requires: `superseded` has been called.
  support::HttpAnswer standing() { return pings_.back().get(); }

 private:
  std::array<std::future<support::HttpAnswer>, 2> pings_;
};

/// A hub in a directory of its own, with a pipeline of one step.
class HubTest : public testing::Test {
 protected:
  /// Makes a build; returns the id of its only job.
  std::string make_job(const std::string& extra_yaml = "");
  /// The state of a build, as REST says it.
  std::string build_state(int number = 1) const;

  support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  std::string pipeline_;
};

}  // namespace ostler
