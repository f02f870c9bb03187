// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "environment/variables.hpp"
#include "pipeline/interpolate.hpp"

namespace ostler::cli {

/// The variables that a pipeline is interpolated with: those of `process`, BUILDKITE_COMMIT being
/// the commit that it means in the repository around the working directory. Says on standard error
/// when it means none; it then stays as it is.
/// Source: job-lifecycle 9.3.
pipeline::VariableTable pipeline_variables(const environment::Variables& process);

}  // namespace ostler::cli
