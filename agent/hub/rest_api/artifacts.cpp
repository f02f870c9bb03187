// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_artifact.hpp"

namespace ostler::rest_api {
namespace {

struct FoundArtifact {
  FoundJob in;
  model::Artifact artifact;
};

Lookup<FoundArtifact> find_artifact(const Backend& backend, const Call& call) {
  OSTLER_CO_TRY(FoundJob in, co_await find_job(backend, call));
  const auto id = ArtifactId::parse(call.parameter("artifact"));
  if (!id) co_return not_found();
  auto artifact = co_await backend.store.artifact(*id);
  if (!artifact && artifact.error().code() == Errc::NotFound) co_return not_found();
  if (!artifact) co_return std::move(artifact).error();
  if (artifact.value().job != in.job.id) co_return not_found();
  co_return FoundArtifact{std::move(in), std::move(artifact).value()};
}

/// Where a list looks: a whole build, or one job of it.
struct ListScope {
  FoundBuild in;
  std::optional<JobId> job;
};

Lookup<ListScope> find_list_scope(const Backend& backend, const Call& call) {
  if (call.has_parameter("job")) {
    OSTLER_CO_TRY(FoundJob found, co_await find_job(backend, call));
    co_return ListScope{std::move(found.in), found.job.id};
  }
  OSTLER_CO_TRY(FoundBuild found, co_await find_build(backend, call));
  co_return ListScope{std::move(found), std::nullopt};
}

/// Whether an agent's own words may go into a Location header.
bool is_web_address(std::string_view url) {
  const bool printable = std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7F; });
  return printable && (url.starts_with("https://") || url.starts_with("http://"));
}

}  // namespace

Answer list_artifacts(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "artifacts"));
  OSTLER_CO_TRY(const ListScope scope, co_await find_list_scope(backend, call));
  store::ArtifactFilter filter{.build = scope.in.build.id,
                               .job = scope.job,
                               .state = {},
                               .path = call.query.value("path").value_or("")};
  if (const auto name = call.query.value("state")) {
    const auto wanted = wire::rest_artifact_state_filter(*name);
    if (!wanted) co_return message(422, "Invalid state: " + *name);
    if (!wanted->state) co_return list(call, {}, page, false);
    filter.state = wanted->state;
  }
  OSTLER_CO_TRY(const auto found, co_await backend.store.artifacts(std::move(filter), page));
  const wire::RestUrls urls = urls_of(backend, scope.in.organization);
  const std::string& slug = scope.in.pipeline.settings.slug;
  std::vector<std::string> items;
  for (const model::Artifact& artifact : found.items) {
    items.push_back(wire::encode_rest_artifact(artifact, slug, scope.in.build.number, urls));
  }
  co_return list(call, items, page, found.has_next);
}

Answer get_artifact(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundArtifact found, co_await find_artifact(backend, call));
  const FoundBuild& build = found.in.in;
  co_return json(
      200, wire::encode_rest_artifact(found.artifact, build.pipeline.settings.slug,
                                      build.build.number, urls_of(backend, build.organization)));
}

Answer delete_artifact(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundArtifact found, co_await find_artifact(backend, call));
  const auto removed =
      co_await backend.store.remove_artifact({found.artifact.id, backend.clock.now()});
  if (!removed && removed.error().code() == Errc::NotFound) co_return not_found();
  if (!removed && removed.error().code() == Errc::Conflict) {
    co_return message(422, "The artifact cannot be deleted: " + removed.error().message());
  }
  OSTLER_CO_TRY(removed);
  store::FollowUps changes;
  changes.builds = {found.artifact.build};
  backend.listener.changed(changes);
  co_return net::ServerResponse{.status = 204};
}

Answer download_artifact(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundArtifact found, co_await find_artifact(backend, call));
  if (found.artifact.state != model::ArtifactState::Finished) {
    co_return not_found("The artifact has not been uploaded");
  }
  const std::string url = found.artifact.url.empty()
                              ? backend.downloads.download_link(found.artifact, backend.clock.now())
                              : found.artifact.url;
  if (!is_web_address(url)) co_return not_found("The artifact is kept elsewhere: " + url);
  net::ServerResponse response = json(302, wire::encode_rest_download(url));
  response.headers.emplace_back("Location", url);
  co_return response;
}

}  // namespace ostler::rest_api
