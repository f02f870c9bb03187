// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>
#include <utility>

#include "base/ascii.hpp"
#include "diag/log.hpp"
#include "hub/agent_api/handlers.hpp"
#include "store/plugin_records.hpp"
#include "wire/agent_api_secrets.hpp"

namespace ostler::agent_api {
namespace {

/// What the hub itself uses: with it a job could send a pipeline's token elsewhere.
constexpr std::string_view kOfTheHub[] = {"repository_token", "webhook_token"};

bool is_of_the_hub(std::string_view key) {
  return std::ranges::find(kOfTheHub, lower_case(key)) != std::end(kOfTheHub);
}

/// Too many are a fault of the job's, but none of this call.
Error refusal_of_put(const Error& error) {
  return error.code() == Errc::UserFault ? Error(error).with_native(wire::kTooManySecrets) : error;
}

/// Where a value goes that a job sets, in the letters of the secret that is there.
boost::asio::awaitable<Result<store::PutSecret>> place_of_put(const Backend& backend,
                                                              const Call& call, JobId job,
                                                              const std::string& key) {
  OSTLER_CO_TRY(const auto agent, co_await backend.store.agent(call.agent));
  store::PutSecret command{.job = job, .cluster = agent.cluster, .key = key};
  const auto known = co_await backend.store.secret_of_job(job, key);
  if (known) {
    command.key = known.value().key;
  } else if (known.error().code() != Errc::NotFound) {
    co_return known.error();
  }
  co_return command;
}

}  // namespace

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

Answer put_secret(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, co_await running_job_of(backend, call));
  OSTLER_CO_TRY(auto put, wire::decode_secret_put(call.body));
  if (is_of_the_hub(put.key)) {
    co_return Error(Errc::Denied, "the hub itself uses the secret " + put.key +
                                      "; only people set it (`ostler secret set`)");
  }
  OSTLER_CO_TRY(auto command, co_await place_of_put(backend, call, job.id, put.key));
  command.sealed = backend.vault.seal(command.cluster, command.key, put.value);
  command.plugin = std::move(put.plugin);
  command.request = std::move(put.request);
  command.now = backend.clock.now();
  const std::string key = command.key;
  const auto made = co_await backend.store.plugin_records().put_secret(std::move(command));
  if (!made) co_return refusal_of_put(made.error());
  diag::info("a job set a secret", {{"job", job.id.str()}, {"secret", key}});
  co_return net::ServerResponse{.status = 204};
}

}  // namespace ostler::agent_api
