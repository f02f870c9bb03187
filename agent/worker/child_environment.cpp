// SPDX-License-Identifier: Apache-2.0
#include "worker/child_environment.hpp"

namespace ostler::worker {
environment::Variables inherited_environment() {
  environment::Variables variables = environment::variables_of_process();
  variables.erase("BUILDKITE_AGENT_TOKEN");
  return variables;
}

std::vector<std::string> child_environment(const JobContext& job) {
  environment::Variables variables = inherited_environment();
  for (const auto& [name, value] : job.env) variables.insert_or_assign(name, value);
  variables.insert_or_assign("PWD", job.directory);
  if (job.terminal) variables.insert_or_assign("TERM", "xterm-256color");
  if (job.cancellation.is_cancelled()) {
    variables.insert_or_assign("BUILDKITE_JOB_CANCELLED", "true");
    if (job.cancellation.reason() == supervise::CancelReason::Timeout) {
      variables.insert_or_assign("BUILDKITE_JOB_TIMED_OUT", "true");
    }
  }
  std::vector<std::string> entries;
  entries.reserve(variables.size());
  for (const auto& [name, value] : variables) entries.push_back(name + "=" + value);
  return entries;
}

}  // namespace ostler::worker
