// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/short_ids.hpp"

#include <cstddef>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

#include "hub/rest_api/responses.hpp"

namespace ostler::rest_api {
namespace {

/// So many are told by name.
constexpr std::size_t kCandidates = 5;

Error several(const std::string& text, std::string_view things,
              const std::vector<std::string>& candidates, bool has_more) {
  std::string message =
      "several " + std::string(things) + " have ids that begin with " + text + ":";
  for (const std::string& candidate : candidates) message += " " + candidate + ",";
  message.pop_back();
  return Error(Errc::Conflict, message + (has_more ? " and more" : "") + "; give more of the id");
}

std::optional<store::FindShortId> query_of(const std::string& text) {
  const auto prefix = UuidPrefix::parse(text);
  if (!prefix) return std::nullopt;
  return store::FindShortId{.prefix = *prefix, .most = kCandidates + 1};
}

/// "app/42 (01a2...)".
Lookup<std::string> build_words(const Backend& backend, BuildId id) {
  OSTLER_CO_TRY(const auto build, co_await backend.store.build(id));
  OSTLER_CO_TRY(const auto pipeline, co_await backend.store.pipeline(build.pipeline));
  co_return pipeline.settings.slug + "/" + std::to_string(build.number) + " (" + id.str() + ")";
}

}  // namespace

Lookup<BuildId> find_build_id(const Backend& backend, std::string text, std::string_view missing) {
  if (const auto id = BuildId::parse(text)) co_return *id;
  const auto query = query_of(text);
  if (!query) co_return not_found(missing);
  OSTLER_CO_TRY(const auto found, co_await backend.store.short_id(*query));
  if (found.builds.empty()) co_return not_found(missing);
  if (found.builds.size() == 1) co_return found.builds.front();
  std::vector<std::string> candidates;
  for (const BuildId id : found.builds | std::views::take(kCandidates)) {
    OSTLER_CO_TRY(auto words, co_await build_words(backend, id));
    candidates.push_back(std::move(words));
  }
  co_return several(text, "builds", candidates, found.builds.size() > kCandidates);
}

Lookup<JobId> find_job_id(const Backend& backend, std::string text, std::string_view missing) {
  if (const auto id = JobId::parse(text)) co_return *id;
  const auto query = query_of(text);
  if (!query) co_return not_found(missing);
  OSTLER_CO_TRY(const auto found, co_await backend.store.short_id(*query));
  if (found.jobs.empty()) co_return not_found(missing);
  if (found.jobs.size() == 1) co_return found.jobs.front();
  std::vector<std::string> candidates;
  for (const JobId id : found.jobs | std::views::take(kCandidates)) candidates.push_back(id.str());
  co_return several(text, "jobs", candidates, found.jobs.size() > kCandidates);
}

}  // namespace ostler::rest_api
