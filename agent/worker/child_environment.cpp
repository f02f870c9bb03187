// SPDX-License-Identifier: Apache-2.0
#include "worker/child_environment.hpp"

#include "plugin_host/refused_variables.hpp"

namespace ostler::worker {

environment::Variables inherited_environment() {
  environment::Variables variables = environment::variables_of_process();
  variables.erase("BUILDKITE_AGENT_TOKEN");
  return variables;
}

namespace {

environment::Variables variables_of_child(const JobContext& job) {
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
  return variables;
}

std::vector<std::string> entries_of(const environment::Variables& variables) {
  std::vector<std::string> entries;
  entries.reserve(variables.size());
  for (const auto& [name, value] : variables) entries.push_back(name + "=" + value);
  return entries;
}

}  // namespace

std::vector<std::string> child_environment(const JobContext& job) {
  return entries_of(variables_of_child(job));
}

std::vector<std::string> own_program_environment(const JobContext& job) {
  environment::Variables variables = variables_of_child(job);
  const environment::Variables inherited = inherited_environment();
  for (const auto& [name, value] : job.before_plugins) {
    variables.erase(name);
    if (value) {
      variables.emplace(name, *value);
    } else if (const auto own = inherited.find(name); own != inherited.end()) {
      variables.insert(*own);
    }
  }
  std::erase_if(variables, [&](const auto& variable) {
    return plugin_host::is_obeyed_by_loaders(variable.first) && !inherited.contains(variable.first);
  });
  for (auto& [name, value] : variables) {
    if (plugin_host::is_obeyed_by_loaders(name)) value = inherited.find(name)->second;
  }
  return entries_of(variables);
}

}  // namespace ostler::worker
