// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "crypto/digest.hpp"
#include "hub/rest_api/build_json.hpp"
#include "hub/rest_api/build_plan.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"
#include "model/told_commit.hpp"
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

/// A build that a person asks for.
struct Wanted {
  model::BuildRequest request;
  model::Variables meta_data{};
  std::optional<model::BuildOrigin> rebuilt_from{};
  std::optional<store::RequestKey> once{};
};

/// What the YAML becomes for this build. Errors: UserFault, with every fault of the YAML.
Lookup<pipeline::Plan> plan_for(const Backend& backend, const FoundPipeline& found,
                                const Wanted& wanted, const model::User& creator) {
  const PlannedBuild build{.organization = found.organization,
                           .pipeline = found.pipeline,
                           .request = wanted.request,
                           .creator = creator,
                           .public_url = backend.public_url,
                           .rebuilt_from = wanted.rebuilt_from,
                           .most_jobs = backend.most_jobs};
  pipeline::Plan plan;
  OSTLER_CO_TRY(co_await backend.threads.run([&]() -> Result<void> {
    OSTLER_TRY(plan, plan_build(build));
    return success();
  }));
  co_return plan;
}

/// The key of a request that its sender may repeat, and that asks for `what`. None: it has none.
/// Errors: UserFault when it is empty or too long.
Result<std::optional<store::RequestKey>> read_request_key(const Call& call,
                                                          const std::string& what) {
  if (!call.idempotency_key) return std::optional<store::RequestKey>();
  if (call.idempotency_key->empty() || call.idempotency_key->size() > kLongestKey) {
    return bad_request("Idempotency-Key must have 1 to 255 characters");
  }
  return std::optional(store::RequestKey{.token = call.caller.token,
                                         .key = *call.idempotency_key,
                                         .digest = crypto::sha256_hex(what)});
}

/// The answer to a request that made its build before. None: it is a new one.
Lookup<std::optional<net::ServerResponse>> repeated(const Backend& backend, const FoundPipeline& in,
                                                    const std::optional<store::RequestKey>& once,
                                                    int status) {
  if (!once) co_return std::optional<net::ServerResponse>();
  OSTLER_CO_TRY(auto known, co_await backend.store.build_of_request({*once, backend.clock.now()}));
  if (!known) co_return std::optional<net::ServerResponse>();
  const FoundBuild found{in.organization, in.pipeline, std::move(*known)};
  OSTLER_CO_TRY(std::string body, co_await build_json(backend, found, BuildView()));
  co_return std::optional(json(status, std::move(body)));
}

/// What makes no build is 422, not 400 as wrong input is elsewhere.
Result<net::ServerResponse> refused(Error error) {
  if (error.code() == Errc::UserFault) return message(422, error.message());
  return error;
}

/// Makes the build and answers with it. `in` and `call` are the caller's.
Answer make_build(const Backend& backend, const Call& call, FoundPipeline& in, Wanted wanted,
                  int status) {
  auto plan = co_await plan_for(backend, in, wanted, call.caller.user);
  if (!plan) co_return refused(std::move(plan).error());
  store::CreateBuild command{.pipeline = in.pipeline.id,
                             .source = model::BuildSource::Api,
                             .creator = call.caller.user.id,
                             .request = std::move(wanted.request),
                             .meta_data = std::move(wanted.meta_data),
                             .plan = std::move(plan).value(),
                             .once = std::move(wanted.once),
                             .rebuilt_from = std::move(wanted.rebuilt_from),
                             .now = backend.clock.now()};
  auto created = co_await backend.store.create_build(std::move(command));
  if (!created) co_return refused(shown_refusal(std::move(created).error(), in.pipeline));
  backend.listener.changed(created.value().follow_ups);
  const FoundBuild found{std::move(in.organization), std::move(in.pipeline),
                         std::move(created.value().build)};
  OSTLER_CO_TRY(std::string body, co_await build_json(backend, found, BuildView()));
  co_return json(status, std::move(body));
}

/// While the disk is full: that, and when to come again. None: it is not.
std::optional<net::ServerResponse> turned_away(const Backend& backend) {
  const auto admitted = backend.disk.admit();
  if (admitted) return std::nullopt;
  net::ServerResponse answer = message(503, admitted.error().message());
  answer.headers.emplace_back("Retry-After", std::to_string(kFullDiskSeconds));
  return answer;
}

/// What is asked for again, at the commit that the build came to where it named none.
model::BuildRequest request_again(const model::Build& build) {
  model::BuildRequest request = build.request;
  if (request.commit != "HEAD") return request;
  for (const auto& [key, value] : build.meta_data) {
    const auto told = key == model::kToldCommitKey ? model::told_commit(value) : std::nullopt;
    if (told) request.commit = told->id;
  }
  return request;
}

}  // namespace

Answer create_build(const Backend& backend, Call call) {
  OSTLER_CO_TRY(FoundPipeline in, co_await find_pipeline(backend, call));
  OSTLER_CO_TRY(auto once, read_request_key(call, in.pipeline.id.str() + "\n" + call.body));
  OSTLER_CO_TRY(auto known, co_await repeated(backend, in, once, 201));
  if (known) co_return std::move(*known);
  if (auto away = turned_away(backend)) co_return std::move(*away);
  OSTLER_CO_TRY(auto decoded, wire::decode_rest_build_request(call.body));
  if (!decoded.errors.empty()) co_return validation_failed(decoded.errors);
  wire::RestBuildRequest& request = decoded.value;
  if (!is_admitted(in.pipeline.settings, request)) {
    co_return message(422, "Branch " + request.build.branch +
                               " is excluded by the pipeline's "
                               "branch filter: " +
                               in.pipeline.settings.branch_configuration);
  }
  Wanted wanted{.request = std::move(request.build),
                .meta_data = std::move(request.meta_data),
                .once = std::move(once)};
  co_return co_await make_build(backend, call, in, std::move(wanted), 201);
}

Answer rebuild(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundBuild old, co_await find_build(backend, call));
  FoundPipeline in{old.organization, old.pipeline};
  OSTLER_CO_TRY(auto once, read_request_key(call, "rebuild " + old.build.id.str()));
  OSTLER_CO_TRY(auto known, co_await repeated(backend, in, once, 200));
  if (known) co_return std::move(*known);
  if (auto away = turned_away(backend)) co_return std::move(*away);
  if (!in.pipeline.settings.allow_rebuilds) {
    co_return message(422,
                      "The pipeline " + in.pipeline.settings.slug +
                          " does not allow rebuilds; make a new build of the same commit instead");
  }
  Wanted wanted{.request = request_again(old.build),
                .rebuilt_from = model::BuildOrigin{.id = old.build.id,
                                                   .number = old.build.number,
                                                   .pipeline = in.pipeline.settings.slug,
                                                   .job = {}},
                .once = std::move(once)};
  co_return co_await make_build(backend, call, in, std::move(wanted), 200);
}

}  // namespace ostler::rest_api
