// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "hub/agent_api/handlers.hpp"
#include "wire/agent_api_annotations.hpp"

namespace ostler::agent_api {
namespace {

store::AnnotationPlace place_of(const OwnJob& own, model::AnnotationScope scope) {
  if (scope == model::AnnotationScope::Job) return {own.build, own.job};
  return {own.build};
}

}  // namespace

Answer annotate(const Backend& backend, Call call) {
  OSTLER_CO_TRY(auto request, wire::decode_annotation_request(call.body));
  OSTLER_CO_TRY(const auto own, co_await own_job(backend, call));
  OSTLER_CO_TRY(co_await backend.store.annotate(
      {.place = place_of(own, request.scope),
       .context = std::move(request.context),
       .change = std::move(request.change),
       .request = std::string(call.request.header("Ostler-Request-Uuid")),
       .now = backend.clock.now()}));
  backend.changes.told(own.build);
  co_return net::json_response(201, "{}");
}

Answer remove_annotation(const Backend& backend, Call call) {
  const std::string scope = call.request.parameter("scope").value_or("");
  OSTLER_CO_TRY(const auto wanted, wire::annotation_scope_of(scope.empty() ? "build" : scope));
  OSTLER_CO_TRY(const auto own, co_await own_job(backend, call));
  OSTLER_CO_TRY(
      co_await backend.store.remove_annotation({.place = place_of(own, wanted),
                                                .context = call.request.parts.segments.back(),
                                                .now = backend.clock.now()}));
  backend.changes.told(own.build);
  co_return ok("{}");
}

}  // namespace ostler::agent_api
