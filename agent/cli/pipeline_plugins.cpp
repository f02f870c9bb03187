// SPDX-License-Identifier: Apache-2.0
#include "cli/pipeline_plugins.hpp"

#include "cli/pipeline_variables.hpp"
#include "console/pipeline_faults.hpp"
#include "environment/variables.hpp"
#include "pipeline/parse.hpp"

namespace ostler::cli {

using plugin_host::StepReference;

Result<std::vector<StepReference>> step_plugins_of(const PipelineInput& input,
                                                   const std::vector<std::string>& bare_names) {
  pipeline::FaultList faults(input.name);
  const auto table = pipeline_variables(environment::variables_of_process());
  const auto definition = pipeline::parse(input.text, {table.begin(), table.end()}, faults);
  if (!definition) return console::shown_faults(faults, input.text);
  std::vector<StepReference> wanted;
  for (const auto& step : definition->steps) {
    OSTLER_TRY(const auto calls, plugin_host::read_plugin_calls(step.carried.plugins));
    for (const auto& call : calls) {
      auto reference = plugin_host::step_reference(call.source, bare_names);
      if (reference) wanted.push_back(std::move(*reference));
    }
  }
  return wanted;
}

}  // namespace ostler::cli
