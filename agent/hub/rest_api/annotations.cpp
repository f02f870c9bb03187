// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/responses.hpp"
#include "markdown/markdown.hpp"
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

/// A body of 1 MiB is no work for a thread that answers others as well.
Lookup<std::vector<std::string>> objects_of(const Backend& backend,
                                            std::vector<model::Annotation> annotations,
                                            bool has_body) {
  std::vector<std::string> objects;
  for (const model::Annotation& annotation : annotations) {
    std::optional<std::string> html;
    if (has_body) {
      OSTLER_CO_TRY(co_await backend.threads.run([&]() -> Result<void> {
        html = markdown::html_of(annotation.body);
        return success();
      }));
    }
    objects.push_back(wire::encode_rest_annotation(annotation, html));
  }
  co_return objects;
}

/// Wakes those who follow the build.
void tell(const Backend& backend, BuildId build) {
  store::FollowUps changes;
  changes.builds = {build};
  backend.listener.changed(changes);
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
  OSTLER_CO_TRY(const auto items, co_await objects_of(backend, found.items, has_body));
  co_return list(call, items, page, found.has_next);
}

Answer create_annotation(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto filter, co_await find_filter(backend, call));
  OSTLER_CO_TRY(auto decoded, wire::decode_rest_annotation_request(call.body));
  if (!decoded.errors.empty()) co_return validation_failed(decoded.errors);
  store::Annotate command{.place = {filter.build, filter.job},
                          .context = std::move(decoded.value.context),
                          .change = std::move(decoded.value.change),
                          .now = backend.clock.now()};
  const auto made = co_await backend.store.annotate(std::move(command));
  if (!made && made.error().code() == Errc::UserFault) {
    co_return message(422, made.error().message());
  }
  if (!made) co_return made.error();
  tell(backend, filter.build);
  OSTLER_CO_TRY(const auto objects, co_await objects_of(backend, {made.value()}, true));
  co_return json(201, objects.front());
}

Answer delete_annotation(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto filter, co_await find_filter(backend, call));
  const auto id = AnnotationId::parse(call.parameter("annotation"));
  if (!id) co_return not_found();
  const auto found = co_await backend.store.annotation(*id);
  if (!found && found.error().code() != Errc::NotFound) co_return found.error();
  // A build's path may name what stands at one of its jobs.
  const bool is_there = found && found.value().build == filter.build &&
                        (!filter.job || found.value().job == filter.job);
  if (!is_there) co_return not_found();
  OSTLER_CO_TRY(
      co_await backend.store.remove_annotation({.place = {filter.build, found.value().job},
                                                .context = found.value().context,
                                                .now = backend.clock.now()}));
  tell(backend, filter.build);
  co_return net::ServerResponse{.status = 204};
}

}  // namespace ostler::rest_api
