// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/agent_api_annotations.hpp"
#include "wire/rest_annotation.hpp"

namespace ostler::rest_api {
namespace {

/// What the path names: the annotations of a build, or those of one job.
Lookup<store::AnnotationFilter> find_filter(const Backend& backend, const Call& call) {
  if (call.has_parameter("job")) {
    OSTLER_CO_TRY(const FoundJob found, co_await find_job(backend, call));
    co_return store::AnnotationFilter{.build = found.in.build.id, .job = found.job.id};
  }
  OSTLER_CO_TRY(const FoundBuild found, co_await find_build(backend, call));
  co_return store::AnnotationFilter{.build = found.build.id};
}

/// The scope of a build's list: "build" unless another one is wanted; none for "all".
Result<std::optional<model::AnnotationScope>> read_scope(const Query& query) {
  const std::string name = query.value("scope").value_or("build");
  if (name == "all") return std::optional<model::AnnotationScope>();
  OSTLER_TRY(const auto scope, wire::annotation_scope_of(name));
  return std::optional(scope);
}

}  // namespace

Answer list_annotations(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "annotations"));
  OSTLER_CO_TRY(auto filter, co_await find_filter(backend, call));
  if (!filter.job) {
    const auto scope = read_scope(call.query);
    if (!scope) co_return message(422, scope.error().message());
    filter.scope = scope.value();
  }
  OSTLER_CO_TRY(const auto found, co_await backend.store.annotations(std::move(filter), page));
  const bool has_body = !call.query.flag("omit_body", false);
  std::vector<std::string> items;
  for (const model::Annotation& annotation : found.items) {
    items.push_back(wire::encode_rest_annotation(annotation, has_body));
  }
  co_return list(call, items, page, found.has_next);
}

}  // namespace ostler::rest_api
