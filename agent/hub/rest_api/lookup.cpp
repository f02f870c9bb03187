// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/lookup.hpp"

#include <charconv>
#include <optional>

#include "hub/rest_api/responses.hpp"
#include "hub/rest_api/short_ids.hpp"
#include "wire/rest_answers.hpp"
#include "wire/rest_pipeline.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::string_view kNoJob = "No job found";

/// The store's own words for something missing give way to the client's.
Error as_missing(Error error, std::string_view text = "Not Found") {
  return error.code() == Errc::NotFound ? not_found(text) : std::move(error);
}

std::optional<std::int64_t> read_number(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number < 1) {
    return std::nullopt;
  }
  return number;
}

Lookup<model::Build> find_build_of(const Backend& backend, PipelineId pipeline, std::string name) {
  if (const auto number = read_number(name)) {
    co_return co_await backend.store.build_by_number(pipeline, *number);
  }
  const auto id = BuildId::parse(name);
  if (!id) co_return not_found();
  OSTLER_CO_TRY(model::Build build, co_await backend.store.build(*id));
  if (build.pipeline != pipeline) co_return not_found();
  co_return build;
}

/// The build of a path that names only the organization. NotFound, saying `missing`, when it is
/// another one's.
Lookup<FoundBuild> find_build_by_id(const Backend& backend, model::Organization organization,
                                    BuildId id, std::string_view missing = "Not Found") {
  OSTLER_CO_TRY(model::Build build, co_await backend.store.build(id));
  OSTLER_CO_TRY(model::Pipeline pipeline, co_await backend.store.pipeline(build.pipeline));
  if (pipeline.organization != organization.id) co_return not_found(missing);
  co_return FoundBuild{std::move(organization), std::move(pipeline), std::move(build)};
}

}  // namespace

Lookup<model::Organization> find_organization(const Backend& backend, const Call& call) {
  auto found = co_await backend.store.organization(call.caller.organization);
  if (!found) co_return as_missing(std::move(found).error());
  if (call.has_parameter("org") && found.value().slug != call.parameter("org")) {
    co_return not_found(wire::kNoOrganizationFound);
  }
  co_return found;
}

wire::RestUrls urls_of(const Backend& backend, const model::Organization& organization) {
  return wire::RestUrls(backend.public_url, organization.slug);
}

Lookup<FoundCluster> find_cluster(const Backend& backend, const Call& call) {
  OSTLER_CO_TRY(model::Organization organization, co_await find_organization(backend, call));
  OSTLER_CO_TRY(const auto clusters, co_await backend.store.clusters(organization.id));
  for (const model::Cluster& cluster : clusters) {
    if (cluster.id.str() == call.parameter("cluster")) {
      co_return FoundCluster{std::move(organization), cluster};
    }
  }
  co_return not_found();
}

Lookup<FoundQueue> find_queue(const Backend& backend, const Call& call) {
  OSTLER_CO_TRY(FoundCluster in, co_await find_cluster(backend, call));
  OSTLER_CO_TRY(const auto queues, co_await backend.store.queues(in.organization.id));
  for (const model::Queue& queue : queues) {
    const bool is_it = queue.cluster == in.cluster.id && queue.id.str() == call.parameter("queue");
    if (is_it) co_return FoundQueue{std::move(in), queue};
  }
  co_return not_found();
}

Lookup<FoundPipeline> find_pipeline(const Backend& backend, const Call& call) {
  OSTLER_CO_TRY(model::Organization organization, co_await find_organization(backend, call));
  auto pipeline =
      co_await backend.store.pipeline_by_slug(organization.id, call.parameter("pipeline"));
  if (!pipeline) co_return as_missing(std::move(pipeline).error());
  co_return FoundPipeline{std::move(organization), std::move(pipeline).value()};
}

Lookup<FoundBuild> find_build(const Backend& backend, const Call& call) {
  if (!call.has_parameter("pipeline")) {
    OSTLER_CO_TRY(model::Organization in, co_await find_organization(backend, call));
    OSTLER_CO_TRY(const BuildId id,
                  co_await find_build_id(backend, call.parameter("build"), "Not Found"));
    auto found = co_await find_build_by_id(backend, std::move(in), id);
    if (!found) co_return as_missing(std::move(found).error());
    co_return found;
  }
  OSTLER_CO_TRY(FoundPipeline in, co_await find_pipeline(backend, call));
  auto build = co_await find_build_of(backend, in.pipeline.id, call.parameter("build"));
  if (!build) co_return as_missing(std::move(build).error());
  co_return FoundBuild{std::move(in.organization), std::move(in.pipeline),
                       std::move(build).value()};
}

Lookup<FoundJob> find_job(const Backend& backend, const Call& call) {
  std::optional<FoundBuild> in;
  if (call.has_parameter("build")) {
    OSTLER_CO_TRY(FoundBuild found, co_await find_build(backend, call));
    in = std::move(found);
  }
  OSTLER_CO_TRY(model::Organization organization, co_await find_organization(backend, call));
  const std::string name = call.parameter("job");
  // Beginnings are looked for among all builds: others of them would make one ambiguous.
  if (in && !JobId::parse(name)) co_return not_found(kNoJob);
  OSTLER_CO_TRY(const JobId id, co_await find_job_id(backend, name, kNoJob));
  auto job = co_await backend.store.job(id);
  if (!job) co_return as_missing(std::move(job).error(), kNoJob);
  const BuildId build = job.value().step.build;
  if (in && in->build.id != build) co_return not_found(kNoJob);
  if (!in) {
    OSTLER_CO_TRY(FoundBuild found,
                  co_await find_build_by_id(backend, organization, build, kNoJob));
    in = std::move(found);
  }
  co_return FoundJob{std::move(*in), std::move(job).value()};
}

Lookup<std::string> pipeline_json(const Backend& backend, const model::Pipeline& pipeline,
                                  const wire::RestUrls& urls) {
  OSTLER_CO_TRY(const std::string steps, co_await backend.summaries.of(pipeline));
  co_return wire::encode_rest_pipeline(pipeline, steps, urls);
}

wire::RestBuildAddress address_of(const FoundBuild& found) {
  return {found.pipeline.settings.slug, found.build.number, found.pipeline.cluster};
}

}  // namespace ostler::rest_api
