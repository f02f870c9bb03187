// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace ostler::wire {

/// An agent as a client of REST reads it.
struct RestAgentAnswer {
  std::string id;
  std::string name;
  std::string state;  ///< "connected", "stopping", as on the wire
  std::string queue;
  std::string hostname;
  std::string ip_address;
  std::string version;
  std::string os;
  std::string arch;
  std::vector<std::string> tags;
  bool is_paused = false;
  std::string pause_note;
  std::string job;           ///< id; empty: it has none
  std::string job_pipeline;  ///< slug; with the number, of the build of its job
  std::int64_t job_build = 0;
  std::optional<Timestamp> connected_at;
  std::optional<Timestamp> last_job_finished_at;
};

/// Errors of both: Protocol, naming the field.
Result<RestAgentAnswer> decode_rest_agent(std::string_view json);
Result<std::vector<RestAgentAnswer>> decode_rest_agents(std::string_view json);

}  // namespace ostler::wire
