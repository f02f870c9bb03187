// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/client_access.hpp"
#include "git/snapshot.hpp"
#include "wire/rest_client_requests.hpp"

namespace ostler::cli {

/// What a run on this machine tells its own hub.
struct RunPlan {
  std::string title;          ///< what runs, for people
  std::string configuration;  ///< without rules for agents, interpolated for this build
  std::string repository;     ///< what its jobs check out
  wire::RestNewBuild build;
  std::size_t changed_files = 0;           ///< that are not committed
  std::vector<std::string> secret_keys{};  ///< of secrets that the job has in its environment
  std::vector<std::string> notes{};        ///< what differs from what one might expect
};

/// Reads and checks the pipeline in `file` for a build of `snapshot`, which is at `repository`.
/// Errors: UserFault when the file cannot be read, is no pipeline, or has no command; its text
/// names file, line and column of each fault.
Result<RunPlan> plan_run_of_file(const std::filesystem::path& file, const git::Snapshot& snapshot,
                                 const std::string& repository);

/// One job of another hub's build that is to run here.
struct JobToRepeat {
  ClientFlags client;
  std::string build;            ///< as a person names one; empty: the newest of the branch
  std::string step;             ///< key or label; empty: the one that failed first
  bool uses_work_tree = false;  ///< the files as they are here, else those of the build's commit
};
/// Gets the job with its environment from its hub; the plan's repository is that of its pipeline.
/// Errors: UserFault when build or job are not found; those of the hub's client.
Result<RunPlan> plan_run_of_job(const JobToRepeat& job, const std::filesystem::path& directory);
/// Takes what the job runs on into `store`: the files in the repository around `directory`, or the
/// build's commit where that has it; else the job will fetch the commit itself. Errors: those of
/// git::take_snapshot.
Result<void> take_files(const JobToRepeat& job, const std::filesystem::path& directory,
                        const std::filesystem::path& store, RunPlan& plan);

}  // namespace ostler::cli
