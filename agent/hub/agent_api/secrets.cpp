// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "diag/log.hpp"
#include "hub/agent_api/handlers.hpp"
#include "wire/agent_api_secrets.hpp"

namespace ostler::agent_api {

Answer get_secret(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, co_await running_job_of(backend, call));
  const std::string key = call.request.parameter("key").value_or("");
  if (key.empty()) co_return Error(Errc::UserFault, "name the secret: ?key=NAME");
  auto found = co_await backend.store.secret_of_job(job.id, key);
  if (!found && found.error().code() == Errc::NotFound) {
    co_return Error(Errc::NotFound, "the cluster has no secret " + key);
  }
  OSTLER_CO_TRY(const auto& secret, found);
  OSTLER_CO_TRY(auto value, backend.vault.open(secret));
  diag::info("a job read a secret", {{"job", job.id.str()}, {"secret", secret.key}});
  co_return ok(wire::encode(wire::JobSecret{secret.key, std::move(value), secret.id.str()}));
}

}  // namespace ostler::agent_api
