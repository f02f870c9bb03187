// SPDX-License-Identifier: Apache-2.0
#include <string_view>
#include <utility>

#include "diag/log.hpp"
#include "hub/agent_api/handlers.hpp"
#include "hub/repository_endpoint.hpp"
#include "wire/agent_api_secrets.hpp"

namespace ostler::agent_api {
namespace {

/// The secret of the cluster that opens the host of a pipeline's repository.
constexpr std::string_view kRepositoryToken = "REPOSITORY_TOKEN";

}  // namespace

// The token goes to the server of the pipeline's own repository and nowhere else: other
// repositories there (submodules, plugins) are opened by it as far as that host likes.
Answer request_repository_token(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto url, wire::decode_repository_token_request(call.body));
  OSTLER_CO_TRY(const auto job, co_await running_job_of(backend, call));
  OSTLER_CO_TRY(const auto build, co_await backend.store.build(job.step.build));
  OSTLER_CO_TRY(const auto pipeline, co_await backend.store.pipeline(build.pipeline));
  const auto own = hub::endpoint_of_repository(pipeline.settings.repository);
  // Agents send the body once; with none they repeat their last call. 422 ends their attempts.
  const auto asked =
      url.empty() ? backend.asked_repositories.last_of(job.id) : hub::https_endpoint(url);
  if (url.empty() && !asked) {
    co_return Error(Errc::UserFault, "name the repository that the token is for: repo_url");
  }
  if (!own || asked != own) {
    co_return Error(Errc::NotFound,
                    "tokens are for https and host and port of the pipeline's repository");
  }
  backend.asked_repositories.remember(job.id, *asked);
  auto found = co_await backend.store.secret_of_job(job.id, std::string(kRepositoryToken));
  if (!found && found.error().code() == Errc::NotFound) {
    co_return Error(Errc::NotFound, "the cluster has no secret " + std::string(kRepositoryToken));
  }
  OSTLER_CO_TRY(const auto& secret, found);
  OSTLER_CO_TRY(const auto token, backend.vault.open(secret));
  diag::info("a job read the token for its repository", {{"job", job.id.str()}});
  co_return ok(wire::encode_token(token));
}

}  // namespace ostler::agent_api
