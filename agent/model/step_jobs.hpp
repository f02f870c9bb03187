// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/pipeline_definition.hpp"
#include "model/variation.hpp"

namespace ostler::model {

/// One of the jobs that a step becomes.
struct StepJob {
  Variation variation{};
  SoftFail soft_fail{};
  std::optional<std::string> broken_reason{};  ///< it never runs; empty: no reason is known
};

/// How many jobs a step becomes.
std::size_t count_jobs(const StepDefinition& step);
/// The jobs of a step in a build of `branch`: one, unless it has a matrix or is parallel.
/// Source: reference/pipeline-yaml.md 8, 9, 18.4.
std::vector<StepJob> jobs_of(const StepDefinition& step);

}  // namespace ostler::model
