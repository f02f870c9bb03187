// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "hub/agent_api/handlers.hpp"
#include "pipeline/parse.hpp"
#include "wire/agent_api.hpp"
#include "wire/agent_api_pipelines.hpp"

namespace ostler::agent_api {
namespace {

/// Seconds until a first look at an upload's state, which is final by then.
constexpr std::string_view kRetryAfter = "0.05";

/// Reads the request and its pipeline, or the fault in that, into `command`.
boost::asio::awaitable<Result<void>> read_request(const Backend& backend, const std::string& body,
                                                  store::UploadPipeline& command) {
  co_return co_await backend.blocking.run([&]() -> Result<void> {
    OSTLER_TRY(auto request, wire::decode_pipeline_upload_request(body));
    command.uuid = std::move(request.uuid);
    command.replace = request.replace;
    command.size = static_cast<std::int64_t>(request.pipeline.size());
    auto definition = pipeline::parse_upload(request.pipeline);
    if (definition) {
      command.definition = std::move(definition).value();
    } else {
      command.fault = definition.error().message();
    }
    return success();
  });
}

net::ServerResponse accepted(const Backend& backend, const store::UploadPipeline& command) {
  auto response = net::json_response(202, "{}");
  response.headers.emplace_back("Location", backend.public_url + "/v3/jobs/" + command.job.str() +
                                                "/pipelines/" + command.uuid);
  response.headers.emplace_back("Retry-After", kRetryAfter);
  return response;
}

wire::PipelineUploadStatus status_of(model::PipelineUpload upload) {
  const bool is_applied = upload.state == model::PipelineUploadState::Applied;
  return {is_applied ? wire::PipelineUploadState::Applied : wire::PipelineUploadState::Rejected,
          std::move(upload.message)};
}

}  // namespace

/// Nothing is left to do when this answers; `async` asks only for the form of the answer.
Answer upload_pipeline(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, job_of(call));
  store::UploadPipeline command{.agent = call.agent,
                                .job = job,
                                .uuid = {},
                                .most_jobs = backend.most_jobs,
                                .now = backend.clock.now()};
  OSTLER_CO_TRY(co_await read_request(backend, call.body, command));
  OSTLER_CO_TRY(auto change, co_await backend.store.upload_pipeline(command));
  backend.changes.changed(change.follow_ups);
  if (call.request.parameter("async") == "true") co_return accepted(backend, command);
  auto status = status_of(std::move(change.upload));
  if (status.state == wire::PipelineUploadState::Applied) co_return ok("{}");
  co_return net::json_response(422, wire::encode_message(status.message));
}

Answer pipeline_upload_status(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, job_of(call));
  OSTLER_CO_TRY(const auto found, co_await backend.store.job(job));
  if (found.agent != call.agent) co_return Error(Errc::NotFound, "no such job of this agent");
  const auto uuid = Uuid::parse(call.request.parts.segments.back());
  if (!uuid) co_return Error(Errc::NotFound, "no such upload of this job");
  OSTLER_CO_TRY(auto upload, co_await backend.store.pipeline_upload(job, uuid->str()));
  co_return ok(wire::encode(status_of(std::move(upload))));
}

}  // namespace ostler::agent_api
