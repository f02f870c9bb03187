// SPDX-License-Identifier: Apache-2.0
#include "hub/agent_api/call.hpp"

#include <algorithm>
#include <charconv>

namespace ostler::agent_api {

Result<JobId> job_of(const Call& call) {
  const auto job = JobId::parse(call.id);
  if (!job) return Error(Errc::NotFound, "no such job");
  return *job;
}

bool may_be_offered_a_job(const model::Agent& agent) {
  return agent.state == model::AgentState::Connected && !agent.job &&
         !agent.description.ignore_in_dispatches;
}

std::chrono::seconds wait_of(const Call& call) {
  constexpr int kLongest = 60;
  const std::string text = call.request.parameter("wait").value_or("");
  int seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::chrono::seconds(std::clamp(seconds, 0, kLongest));
}

}  // namespace ostler::agent_api
