// SPDX-License-Identifier: Apache-2.0
// Any bytes are a pipeline or a UserFault; what parses can be planned, and its edges are sound.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/assert.hpp"
#include "pipeline/interpolate.hpp"
#include "pipeline/parse.hpp"
#include "pipeline/plan.hpp"

namespace {

using namespace ostler;

void check_plan(model::PipelineDefinition definition) {
  const std::size_t count = definition.steps.size();
  const auto plan = pipeline::plan(std::move(definition));
  if (!plan) {
    OSTLER_ASSERT(plan.error().code() == Errc::UserFault);
    return;
  }
  OSTLER_ASSERT(plan.value().steps.size() == count);
  for (std::size_t i = 0; i < count; ++i) {
    for (const pipeline::Edge& edge : plan.value().steps[i].dependencies) {
      OSTLER_ASSERT(edge.step < count && edge.step != i);
    }
  }
}

void check_interpolation(std::string_view text) {
  const pipeline::VariableTable variables = {{"A", "alpha"}, {"B", "$A"}, {"E", ""}};
  const auto result = pipeline::interpolate(text, variables);
  OSTLER_ASSERT(result || result.error().code() == Errc::UserFault);
  if (text.find_first_of("$\\") == text.npos) OSTLER_ASSERT(result && result.value() == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto definition = pipeline::parse(text, {{"A", "alpha"}, {"E", ""}});
  OSTLER_ASSERT(definition || definition.error().code() == Errc::UserFault);
  if (definition) check_plan(std::move(definition).value());
  check_interpolation(text);
  return 0;
}
