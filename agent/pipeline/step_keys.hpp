// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "model/pipeline_definition.hpp"
#include "pipeline/fault_list.hpp"

namespace ostler::pipeline {

/// What makes `key` unfit to name a step, and what to do; none when it is fit: at most 100
/// characters out of letters, digits and _ - : $ { } . , that do not look like a UUID.
std::optional<std::string_view> fault_in_step_key(std::string_view key);

/// The steps' keys of a build; each names one step.
class StepKeys {
 public:
  /// Takes the step with this index in; a fault when its key is taken already.
  void add(const model::StepDefinition& step, std::size_t index, FaultList& faults);
  std::optional<std::size_t> index_of(std::string_view key) const;

 private:
  std::unordered_map<std::string, std::size_t> index_;
};

/// Adds a fault for each `depends_on` of `definition` that names no step.
void check_dependencies(const model::PipelineDefinition& definition, const StepKeys& keys,
                        FaultList& faults);

}  // namespace ostler::pipeline
