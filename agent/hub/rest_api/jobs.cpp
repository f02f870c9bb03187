// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/build_json.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_job.hpp"

namespace ostler::rest_api {
namespace {

Lookup<model::Variables> find_env(const Backend& backend, const Call& call) {
  OSTLER_CO_TRY(const FoundJob found, co_await find_job(backend, call));
  if (found.job.step.kind != model::StepKind::Command) co_return model::Variables();
  co_return co_await backend.store.job_environment(found.job.id, backend.public_url);
}

std::string env_lines(const model::Variables& env) {
  std::string lines;
  for (const auto& [name, value] : env) lines.append(name).append("=").append(value).append("\n");
  return lines;
}

}  // namespace

Answer get_job(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundJob found, co_await find_job(backend, call));
  OSTLER_CO_TRY(std::string body, co_await job_json(backend, found.in, found.job));
  co_return json(200, std::move(body));
}

Answer get_env(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const model::Variables env, co_await find_env(backend, call));
  co_return json(200, wire::encode_rest_job_env(env));
}

Answer get_env_text(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const model::Variables env, co_await find_env(backend, call));
  co_return net::ServerResponse{.headers = {{"Content-Type", "text/plain; charset=utf-8"}},
                                .body = env_lines(env)};
}

}  // namespace ostler::rest_api
