// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/pipeline_definition.hpp"
#include "pipeline/fault_list.hpp"

namespace ostler::pipeline {

/// What makes `key` unfit to name a step, and what to do; none when it is fit: at most 100
/// characters out of letters, digits and _ - : $ { } . , that do not look like a UUID.
std::optional<std::string_view> fault_in_step_key(std::string_view key);

/// Where the keys of a pipeline stand, as far as that is known.
struct KeyPlaces {
  std::vector<model::SourcePosition> steps{};
  std::vector<model::SourcePosition> groups{};

  model::SourcePosition of_step(std::size_t index, const model::StepDefinition& step) const {
    return index < steps.size() && steps[index].line > 0 ? steps[index] : step.at;
  }
  model::SourcePosition of_group(std::size_t index, const model::GroupDefinition& group) const {
    return index < groups.size() && groups[index].line > 0 ? groups[index] : group.at;
  }
};

/// The keys of a pipeline's steps and groups; each names one of them.
class StepKeys {
 public:
  /// Takes all of them in; a fault for each that is taken already.
  void add_all(const model::PipelineDefinition& definition, const KeyPlaces& places,
               FaultList& faults);
  bool contains(std::string_view key) const;
  /// The indices of the steps that the key stands for: one, or those of a group.
  std::vector<std::size_t> steps_of(std::string_view key) const;
  /// Whether the key stands for the step of that index.
  bool names(std::string_view key, std::size_t step) const;
  /// The keys, in the order of the pipeline; not more than this.
  std::vector<std::string_view> first(std::size_t most) const;

 private:
  struct Holder {
    std::size_t first_step = 0;
    std::size_t steps = 1;
    bool is_group = false;
  };
  void add(const std::string& key, model::SourcePosition at, const Holder& holder,
           FaultList& faults);

  std::unordered_map<std::string, Holder> holders_;
  std::vector<std::string_view> order_;  ///< of the keys in `holders_`
};

/// Adds a fault for each `depends_on` of `definition` that names no step and no group.
void check_dependencies(const model::PipelineDefinition& definition, const StepKeys& keys,
                        FaultList& faults);

}  // namespace ostler::pipeline
