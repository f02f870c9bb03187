// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>

#include "cli/exit.hpp"
#include "cli/own_lock_file.hpp"
#include "cli/plugin_download.hpp"
#include "cli/run_functions.hpp"
#include "environment/variables.hpp"
#include "files/file.hpp"
#include "plugin_host/bundle.hpp"
#include "plugin_host/step_planner.hpp"

namespace ostler::cli {
namespace {

using plugin_host::PlannedStep;

constexpr int kPlanFd = 4;
constexpr int kFirstFileFd = 5;  // for each plugin, in order: it, its resources; then libraries

/// Those that the worker has made for the plugin of that index. The libraries of all are behind all
/// of the others, where a worker of an earlier version, which has made none, has nothing.
plugin_host::PlanFiles files_of(int index, int plugins, std::uint64_t& bytes_left) {
  constexpr int kLibraries = plugin_host::kMostLibraries;
  const int own = kFirstFileFd + 2 * index;
  const int first_library = kFirstFileFd + 2 * plugins + kLibraries * index;
  plugin_host::PlanFiles files{.code = {own}, .resources = own + 1, .bytes_left = &bytes_left};
  for (int i = 0; i < kLibraries; ++i) files.code.push_back(first_library + i);
  return files;
}

Result<std::string> make_plan() {
  const auto variables = environment::variables_of_process();
  const auto policy = plugin_host::plugin_policy(variables);
  OSTLER_TRY(const auto calls,
             plugin_host::read_plugin_calls(environment::value_of(variables, "BUILDKITE_PLUGINS")));
  // Of the checkout, which is where this process stands.
  OSTLER_TRY(const auto lock, read_lock_file_at(plugin_host::kLockFileName));
  std::vector<PlannedStep> steps;
  std::uint64_t bytes_left = plugin_host::kMostResourceBytes;
  for (const auto& call : calls) {
    const auto wanted = plugin_host::step_reference(call.source, policy.bare_names);
    if (!wanted) return Error(Errc::UserFault, "no step plugin: " + call.source);
    const auto into =
        files_of(static_cast<int>(steps.size()), static_cast<int>(calls.size()), bytes_left);
    OSTLER_TRY(PlannedStep step,
               plugin_host::plan_step(*wanted, call.config, policy, lock, download_plugin, into));
    steps.push_back(std::move(step));
  }
  return plugin_host::encode_plan(steps);
}

}  // namespace

// Started by the worker: the job's environment in; on descriptor 4 the plan, or with exit status 1
// why there is none; the shared objects and resources in the memory files from descriptor 5 on.
int run_job_plugins(const Arguments&) {
  if (::fcntl(kPlanFd, F_GETFD) < 0) {
    return fail(Error(Errc::UserFault, "job-plugins is started by the worker of a job"));
  }
  const auto plan = make_plan();
  const auto told = files::write_all(kPlanFd, plan ? plan.value() : plan.error().message() + "\n");
  return plan && told ? kExitOk : kExitFailed;
}

}  // namespace ostler::cli
