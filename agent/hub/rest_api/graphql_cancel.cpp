// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/graphql_documents.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_job.hpp"
#include "wire/rest_json.hpp"

namespace ostler::rest_api {
namespace {

using wire::GraphqlRequest;
using wire::JsonObjectText;

/// The job of an id of either kind, which is of the caller's organization.
Lookup<FoundJob> job_of_id(const Backend& backend, Call call, const std::string& id) {
  auto uuid = wire::uuid_of_graphql_id(id, "JobTypeCommand");
  if (!uuid) uuid = wire::uuid_of_graphql_id(id, "Job");
  call.parameters = {{"job", uuid ? uuid->str() : ""}};
  co_return co_await find_job(backend, call);
}

GraphqlData cancel_by_id(const Backend& backend, const Call& call, const std::string& id) {
  OSTLER_CO_TRY(FoundJob found, co_await job_of_id(backend, call, id));
  if (found.job.step.kind != model::StepKind::Command) co_return not_found("No job found");
  OSTLER_CO_TRY(const auto canceled,
                co_await backend.store.cancel_job({found.job.id, backend.clock.now()}));
  backend.listener.changed(canceled.follow_ups);
  OSTLER_CO_TRY(found.job, co_await backend.store.job(found.job.id));
  const wire::RestUrls urls = urls_of(backend, found.in.organization);
  const wire::RestBuildAddress build = address_of(found.in);
  const std::string job =
      JsonObjectText()
          .text("id", wire::graphql_id("JobTypeCommand", found.job.id.uuid))
          .text("uuid", found.job.id.str())
          .text("state", wire::graphql_job_state(wire::rest_job_state(found.job)))
          .text("url", urls.web_job(build.pipeline, build.number, found.job.id))
          .finish();
  const std::string payload =
      JsonObjectText().null("clientMutationId").raw("jobTypeCommand", job).finish();
  co_return graphql_field("jobTypeCommandCancel", payload);
}

}  // namespace

GraphqlData cancel_graphql_job_by_id(const Backend& backend, const Call& call,
                                     const GraphqlRequest& request) {
  co_return co_await cancel_by_id(backend, call, request.variable("jobId"));
}

GraphqlData cancel_graphql_job_by_input(const Backend& backend, const Call& call,
                                        const GraphqlRequest& request) {
  co_return co_await cancel_by_id(backend, call, request.variable("i"));
}

}  // namespace ostler::rest_api
