// SPDX-License-Identifier: Apache-2.0
#include "cli/artifact_scope.hpp"

#include <CLI/CLI.hpp>

namespace ostler::cli {

void take_artifact_scope(CLI::App& app, artifact::SearchOptions& options) {
  app.add_option("--step", options.step, "Only of this step (key or label) or job id");
  app.add_option("--build", options.build, "Id of the build")->envname("BUILDKITE_BUILD_ID");
  app.add_flag("--include-retried-jobs", options.include_retried_jobs,
               "Also of jobs that were retried")
      ->envname("BUILDKITE_AGENT_INCLUDE_RETRIED_JOBS");
}

}  // namespace ostler::cli
