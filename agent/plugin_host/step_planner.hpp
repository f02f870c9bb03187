// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "plugin_host/lock_file.hpp"
#include "plugin_host/plugin_fetch.hpp"
#include "plugin_host/plugin_policy.hpp"
#include "plugin_host/step_plan.hpp"
#include "plugin_host/step_reference.hpp"

// From what a pipeline asks for to what is run.
namespace ostler::plugin_host {

/// Memory files that a plan fills.
struct PlanFiles {
  std::vector<int> code;  ///< as memory_files_for_code() makes them
  int resources = -1;
  std::uint64_t* bytes_left = nullptr;  ///< see kMostResourceBytes
};

/// Finds the plugin that is meant (what the lock names and the store lacks comes by `download`,
/// where the policy has it so), holds it against the lock and the policy, and completes its
/// configuration; puts sealed copies of its shared objects and its resources into memory files.
/// Errors: UserFault, NotFound, Denied; say which plugin.
Result<PlannedStep> plan_step(const StepReference& wanted, const JsonValue& config,
                              const PluginPolicy& policy, const std::vector<LockedPlugin>& lock,
                              const DownloadPlugin& download, const PlanFiles& into);

}  // namespace ostler::plugin_host
