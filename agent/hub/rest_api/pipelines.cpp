// SPDX-License-Identifier: Apache-2.0
#include <cctype>

#include "console/pipeline_faults.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/responses.hpp"
#include "pipeline/parse.hpp"
#include "pipeline/yaml_document.hpp"
#include "wire/rest_pipeline.hpp"

namespace ostler::rest_api {
namespace {

using wire::RestFieldError;
using wire::RestPipelineRequest;

/// The cluster that a request means: the one it names, else the organization's first.
Lookup<std::optional<ClusterId>> find_cluster(const Backend& backend, OrganizationId organization,
                                              std::string wanted) {
  OSTLER_CO_TRY(const auto clusters, co_await backend.store.clusters(organization));
  for (const model::Cluster& cluster : clusters) {
    if (wanted.empty() || cluster.id.str() == wanted) co_return cluster.id;
  }
  co_return std::optional<ClusterId>();
}

/// Whether a text refers to variables ("$NAME", "${NAME}"; "$$" and "\$" are plain dollar signs).
bool uses_variables(std::string_view text) {
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    const char next = text[at + 1];
    if (text[at] == '\\' || (text[at] == '$' && next == '$')) {
      ++at;
    } else if (text[at] == '$' && (next == '{' || std::isalpha(static_cast<unsigned char>(next)))) {
      return true;
    }
  }
  return false;
}

std::vector<RestFieldError> field_errors(const pipeline::FaultList& faults, std::string_view text) {
  std::vector<RestFieldError> errors;
  for (const auto& fault : faults.in_order()) {
    const model::SourcePosition at = fault.at;
    RestFieldError error{"configuration", fault.line};
    if (at.line > 0) error.place = {at.line, at.column, console::source_excerpt(text, at)};
    errors.push_back(std::move(error));
  }
  if (!faults.rest().empty()) errors.push_back({"configuration", faults.rest()});
  return errors;
}

/// What is wrong with the configuration. One that uses variables may be right in the environment
/// of a build, so it is judged when a build is made, but for what no variable can mend.
std::vector<RestFieldError> configuration_faults(const model::PipelineSettings& settings) {
  const std::string& text = settings.configuration;
  pipeline::FaultList faults("pipeline.yml");
  if (uses_variables(text)) {
    pipeline::read_yaml(text, faults);
  } else {
    pipeline::parse(text, settings.env, faults);
  }
  return field_errors(faults, text);
}

/// Adds the faults of the configuration, unless there are others already.
Lookup<void> check_configuration(const Backend& backend,
                                 wire::RestDecoded<RestPipelineRequest>& decoded) {
  if (!decoded.errors.empty()) co_return success();
  co_return co_await backend.threads.run([&]() -> Result<void> {
    decoded.errors = configuration_faults(decoded.value.settings);
    return success();
  });
}

RestFieldError no_cluster() { return {"cluster_id", "names no cluster of this organization"}; }

/// So often a change is made anew because others change the pipeline.
constexpr int kMostAttempts = 20;

/// The answer about a pipeline that was to be written.
Answer saved(const Backend& backend, model::Organization organization,
             Result<model::Pipeline> pipeline, std::string slug, int status) {
  if (!pipeline && store::is_changed_meanwhile(pipeline.error())) {
    co_return std::move(pipeline).error();
  }
  if (!pipeline && pipeline.error().code() == Errc::Conflict) {
    co_return validation_failed({{"name", "name or slug has already been taken: " + slug}});
  }
  if (!pipeline) co_return std::move(pipeline).error();
  const wire::RestUrls urls = urls_of(backend, organization);
  OSTLER_CO_TRY(std::string body, co_await pipeline_json(backend, pipeline.value(), urls));
  co_return json(status, std::move(body));
}

/// Errors: is_changed_meanwhile.
Answer try_to_update(const Backend& backend, const Call& call) {
  OSTLER_CO_TRY(const FoundPipeline found, co_await find_pipeline(backend, call));
  const model::Pipeline& before = found.pipeline;
  OSTLER_CO_TRY(auto decoded, wire::decode_rest_pipeline_change(call.body, before.settings));
  RestPipelineRequest& request = decoded.value;
  if (request.settings.configuration != before.settings.configuration) {
    OSTLER_CO_TRY(co_await check_configuration(backend, decoded));
  }
  if (request.cluster_id.empty()) request.cluster_id = before.cluster.str();
  OSTLER_CO_TRY(const auto cluster,
                co_await find_cluster(backend, found.organization.id, request.cluster_id));
  if (!cluster) decoded.errors.push_back(no_cluster());
  if (!decoded.errors.empty()) co_return validation_failed(decoded.errors);
  const std::string slug = request.settings.slug;
  store::UpdatePipeline command{.pipeline = before.id,
                                .cluster = *cluster,
                                .settings = std::move(request.settings),
                                .sets_poll = request.sets_poll,
                                .before = before,
                                .now = backend.clock.now()};
  auto updated = co_await backend.store.update_pipeline(std::move(command));
  co_return co_await saved(backend, found.organization, std::move(updated), slug, 200);
}

}  // namespace

Answer list_pipelines(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "pipelines"));
  OSTLER_CO_TRY(const model::Organization organization, co_await find_organization(backend, call));
  store::PipelineFilter filter{.organization = organization.id,
                               .name = call.query.value("name").value_or(""),
                               .repository = call.query.value("repository").value_or(""),
                               .is_archived = call.query.flag("archived", false)};
  OSTLER_CO_TRY(const auto found, co_await backend.store.pipelines(std::move(filter), page));
  const wire::RestUrls urls = urls_of(backend, organization);
  std::vector<std::string> items;
  for (const model::Pipeline& pipeline : found.items) {
    OSTLER_CO_TRY(std::string item, co_await pipeline_json(backend, pipeline, urls));
    items.push_back(std::move(item));
  }
  co_return list(call, items, page, found.has_next);
}

Answer get_pipeline(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundPipeline found, co_await find_pipeline(backend, call));
  const wire::RestUrls urls = urls_of(backend, found.organization);
  OSTLER_CO_TRY(std::string body, co_await pipeline_json(backend, found.pipeline, urls));
  co_return json(200, std::move(body));
}

Answer create_pipeline(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const model::Organization organization, co_await find_organization(backend, call));
  OSTLER_CO_TRY(auto decoded, wire::decode_rest_pipeline_request(call.body));
  OSTLER_CO_TRY(co_await check_configuration(backend, decoded));
  OSTLER_CO_TRY(const auto cluster,
                co_await find_cluster(backend, organization.id, decoded.value.cluster_id));
  if (!cluster) decoded.errors.push_back(no_cluster());
  if (!decoded.errors.empty()) co_return validation_failed(decoded.errors);
  model::PipelineSettings& settings = decoded.value.settings;
  const std::string slug = settings.slug;
  store::CreatePipeline command{.organization = organization.id,
                                .cluster = *cluster,
                                .settings = std::move(settings),
                                .created_by = call.caller.user.id,
                                .now = backend.clock.now()};
  auto created = co_await backend.store.create_pipeline(std::move(command));
  co_return co_await saved(backend, organization, std::move(created), slug, 201);
}

Answer update_pipeline(const Backend& backend, Call call) {
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    auto answer = co_await try_to_update(backend, call);
    if (answer || !store::is_changed_meanwhile(answer.error())) co_return answer;
  }
  co_return message(503, "The pipeline is being changed by others all the time; try again");
}

}  // namespace ostler::rest_api
