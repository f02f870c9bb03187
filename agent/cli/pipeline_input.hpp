// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ostler::cli {

/// A pipeline text and where it comes from.
struct PipelineInput {
  std::string name;  ///< the file as it was found; "(stdin)" for standard input
  std::string text;
};

/// The one file with a customary name, such as .buildkite/pipeline.yml.
/// Errors: UserFault when none is here or several are.
Result<std::string> customary_pipeline_file();

/// The texts that a command such as `pipeline upload` reads: `files` in order; without any,
/// standard input when something is there; else the one file that has a customary name. Errors:
/// UserFault when a file is empty, when no file with such a name is there or several are; those of
/// reading. All begin with `command`. Source: job-lifecycle 9.1.
Result<std::vector<PipelineInput>> pipeline_inputs(std::string_view command,
                                                   const std::vector<std::string>& files);

}  // namespace ostler::cli
