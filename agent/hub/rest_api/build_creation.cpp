// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "crypto/digest.hpp"
#include "hub/rest_api/build_json.hpp"
#include "hub/rest_api/build_plan.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"
#include "pipeline/branch_filter.hpp"
#include "wire/rest_build.hpp"

namespace ostler::rest_api {
namespace {

/// When a client asks again while the disk is full: room is made by people.
constexpr int kFullDiskSeconds = 60;
constexpr std::size_t kLongestKey = 255;

/// Whether the pipeline's branch filter lets a build in; it says nothing about pull requests.
bool is_admitted(const model::PipelineSettings& settings, const wire::RestBuildRequest& request) {
  return request.ignore_pipeline_branch_filters || request.build.pull_request ||
         pipeline::matches_branch(settings.branch_configuration, request.build.branch);
}

/// What the YAML becomes for this build. Errors: UserFault, with every fault of the YAML.
Lookup<pipeline::Plan> plan_for(const Backend& backend, const FoundPipeline& found,
                                const wire::RestBuildRequest& request, const model::User& creator) {
  const PlannedBuild build{.organization = found.organization,
                           .pipeline = found.pipeline,
                           .request = request.build,
                           .creator = creator,
                           .public_url = backend.public_url,
                           .most_jobs = backend.most_jobs};
  pipeline::Plan plan;
  OSTLER_CO_TRY(co_await backend.threads.run([&]() -> Result<void> {
    OSTLER_TRY(plan, plan_build(build));
    return success();
  }));
  co_return plan;
}

/// The key of a request that its sender may repeat. None: it has none.
/// Errors: UserFault when it is too long.
Result<std::optional<store::RequestKey>> read_request_key(const Call& call, PipelineId pipeline) {
  if (call.idempotency_key.empty()) return std::optional<store::RequestKey>();
  if (call.idempotency_key.size() > kLongestKey) {
    return bad_request("Idempotency-Key has more than 255 characters");
  }
  return std::optional(
      store::RequestKey{.token = call.caller.token,
                        .key = call.idempotency_key,
                        .digest = crypto::sha256_hex(pipeline.str() + "\n" + call.body)});
}

/// The answer to a request that made its build before. None: it is a new one.
Lookup<std::optional<net::ServerResponse>> repeated(const Backend& backend, const FoundPipeline& in,
                                                    const std::optional<store::RequestKey>& once) {
  if (!once) co_return std::optional<net::ServerResponse>();
  OSTLER_CO_TRY(auto known, co_await backend.store.build_of_request({*once, backend.clock.now()}));
  if (!known) co_return std::optional<net::ServerResponse>();
  const FoundBuild found{in.organization, in.pipeline, std::move(*known)};
  OSTLER_CO_TRY(std::string body, co_await build_json(backend, found, BuildView()));
  co_return std::optional(json(201, std::move(body)));
}

/// What makes no build is 422, not 400 as wrong input is elsewhere.
Result<net::ServerResponse> refused(Error error) {
  if (error.code() == Errc::UserFault) return message(422, error.message());
  return error;
}

}  // namespace

Answer create_build(const Backend& backend, Call call) {
  OSTLER_CO_TRY(FoundPipeline in, co_await find_pipeline(backend, call));
  OSTLER_CO_TRY(const auto once, read_request_key(call, in.pipeline.id));
  OSTLER_CO_TRY(auto known, co_await repeated(backend, in, once));
  if (known) co_return std::move(*known);
  if (const auto admitted = backend.disk.admit(); !admitted) {
    net::ServerResponse refused = message(503, admitted.error().message());
    refused.headers.emplace_back("Retry-After", std::to_string(kFullDiskSeconds));
    co_return refused;
  }
  OSTLER_CO_TRY(auto decoded, wire::decode_rest_build_request(call.body));
  if (!decoded.errors.empty()) co_return validation_failed(decoded.errors);
  wire::RestBuildRequest& request = decoded.value;
  if (!is_admitted(in.pipeline.settings, request)) {
    co_return message(422, "Branch " + request.build.branch +
                               " is excluded by the pipeline's "
                               "branch filter: " +
                               in.pipeline.settings.branch_configuration);
  }
  auto plan = co_await plan_for(backend, in, request, call.caller.user);
  if (!plan) co_return refused(std::move(plan).error());
  store::CreateBuild command{.pipeline = in.pipeline.id,
                             .source = model::BuildSource::Api,
                             .creator = call.caller.user.id,
                             .request = std::move(request.build),
                             .meta_data = std::move(request.meta_data),
                             .plan = std::move(plan).value(),
                             .once = once,
                             .now = backend.clock.now()};
  auto created = co_await backend.store.create_build(std::move(command));
  if (!created) co_return refused(std::move(created).error());
  backend.listener.changed(created.value().follow_ups);
  const FoundBuild found{std::move(in.organization), std::move(in.pipeline),
                         std::move(created.value().build)};
  OSTLER_CO_TRY(std::string body, co_await build_json(backend, found, BuildView()));
  co_return json(201, std::move(body));
}

}  // namespace ostler::rest_api
