// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/step_summaries.hpp"

#include <functional>
#include <optional>
#include <utility>

#include "pipeline/parse.hpp"
#include "wire/rest_pipeline.hpp"

namespace ostler::rest_api {
namespace {

std::size_t fingerprint_of(const model::PipelineSettings& settings) {
  std::size_t mixed = std::hash<std::string>()(settings.configuration);
  for (const auto& [name, value] : settings.env) {
    mixed = mixed * 31 + std::hash<std::string>()(name);
    mixed = mixed * 31 + std::hash<std::string>()(value);
  }
  return mixed;
}

std::string summarise(const model::PipelineSettings& settings) {
  const auto parsed = pipeline::parse(settings.configuration, settings.env);
  return parsed ? wire::encode_rest_steps(parsed.value().steps) : "[]";
}

}  // namespace

boost::asio::awaitable<Result<std::string>> StepSummaries::of(const model::Pipeline& pipeline) {
  Summary summary{.fingerprint = fingerprint_of(pipeline.settings), .steps = {}};
  auto remembered = known_.with([&](Known& known) -> std::optional<std::string> {
    const auto found = known.summaries.find(pipeline.id);
    if (found == known.summaries.end()) return std::nullopt;
    if (found->second.fingerprint != summary.fingerprint) return std::nullopt;
    return found->second.steps;
  });
  if (remembered) co_return std::move(*remembered);
  OSTLER_CO_TRY(co_await threads_.run([&]() -> Result<void> {
    summary.steps = summarise(pipeline.settings);
    return success();
  }));
  std::string steps = summary.steps;
  remember(pipeline.id, std::move(summary));
  co_return steps;
}

void StepSummaries::remember(PipelineId pipeline, Summary summary) {
  const std::size_t size = sizeof(Summary) + summary.steps.size();
  if (size > kMostBytes) return;
  known_.with([&](Known& known) {
    if (known.bytes + size > kMostBytes) known = Known();
    known.bytes += size;
    known.summaries.insert_or_assign(pipeline, std::move(summary));
  });
}

}  // namespace ostler::rest_api
