// SPDX-License-Identifier: Apache-2.0
// Any bytes are a pipeline or a UserFault, to run or to upload; what parses can be planned, and its
// edges are sound.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/assert.hpp"
#include "pipeline/if_changed.hpp"
#include "pipeline/interpolate.hpp"
#include "pipeline/parse.hpp"
#include "pipeline/plan.hpp"
#include "pipeline/plan_upload.hpp"
#include "pipeline/read_upload.hpp"

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

/// What is uploaded of any text is a pipeline, or a fault, for whoever gets it.
void check_upload(std::string_view text) {
  pipeline::UploadReading how;
  how.variables = {{"A", "alpha"}, {"B", "\xff"}};
  const auto uploads = pipeline::read_upload(text, "p.yml", how);
  OSTLER_ASSERT(uploads || uploads.error().code() == Errc::UserFault);
  if (!uploads) return;
  for (pipeline::UploadDocument upload : uploads.value()) {
    pipeline::apply_if_changed(upload, [](const auto& globs) { return globs.include.empty(); });
    static_cast<void>(pipeline::yaml(upload));
    static_cast<void>(pipeline::indented_json(upload));
    auto definition = pipeline::parse_upload(upload.json);
    OSTLER_ASSERT(definition || definition.error().code() == Errc::UserFault);
    if (!definition) continue;
    const auto plan = pipeline::plan_upload(std::move(definition).value(), {});
    OSTLER_ASSERT(plan || plan.error().code() == Errc::UserFault);
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
  check_upload(text);
  return 0;
}
