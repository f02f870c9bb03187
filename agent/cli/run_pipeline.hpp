// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "git/snapshot.hpp"

namespace ostler::cli {

/// A pipeline file made ready for a run on this machine.
struct RunPipeline {
  std::string name;
  std::string configuration;    ///< without rules for agents, interpolated for this build
  bool ignored_agents = false;  ///< whether it had such rules
};

/// Reads and checks the pipeline in `file` for a build of `snapshot`, which is at `repository`.
/// Errors: UserFault when the file cannot be read, is no pipeline, or has no command; its text
/// names file, line and column of each fault.
Result<RunPipeline> load_run_pipeline(const std::filesystem::path& file,
                                      const git::Snapshot& snapshot, const std::string& repository);

}  // namespace ostler::cli
