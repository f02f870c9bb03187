// SPDX-License-Identifier: Apache-2.0
#include "worker/job_secrets.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "environment/protected.hpp"
#include "log/lines.hpp"
#include "wire/agent_api_secrets.hpp"
#include "wire/rest_urls.hpp"
#include "wire/secrets_config.hpp"
#include "worker/api_call.hpp"

namespace ostler::worker {

namespace asio = boost::asio;

namespace {

constexpr std::string_view kSecretsConfig = "BUILDKITE_SECRETS_CONFIG";
/// Governed by the agent's checkout-override-mode, whose modes here both forbid them to secrets.
/// Source: job-lifecycle 1.13.
constexpr std::array<std::string_view, 11> kCheckoutLocked = {
    "BUILDKITE_GIT_CHECKOUT_FLAGS",
    "BUILDKITE_GIT_CHECKOUT_TIMEOUT",
    "BUILDKITE_GIT_CLEAN_FLAGS",
    "BUILDKITE_GIT_CLONE_FLAGS",
    "BUILDKITE_GIT_COMMIT_VERIFICATION",
    "BUILDKITE_GIT_FETCH_FLAGS",
    "BUILDKITE_GIT_SKIP_FETCH_EXISTING_COMMITS",
    "BUILDKITE_GIT_SPARSE_CHECKOUT_MODE",
    "BUILDKITE_GIT_SPARSE_CHECKOUT_PATHS",
    "BUILDKITE_GIT_SUBMODULES",
    "BUILDKITE_SKIP_CHECKOUT"};

struct FetchedSecret {
  wire::WantedSecret wanted;
  Secret value;
};

asio::awaitable<Result<Secret>> fetch(JobContext& job, std::string key) {
  ApiCall call(
      job.executor, job.link,
      job_request(job.document.job_id, "GET", "secrets?key=" + wire::percent_encode(key), ""),
      agent_client::policy::kSecretGet);
  OSTLER_CO_TRY(const auto body, co_await call.make());
  OSTLER_CO_TRY(auto secret, wire::decode_job_secret(body));
  co_return std::move(secret.value);
}

Result<void> check_may_set(const JobContext& job, const wire::WantedSecret& wanted) {
  const std::string what = "secret \"" + wanted.key + "\" cannot set ";
  const std::string& name = wanted.variable;
  if (environment::protection_of(name) != nullptr) {
    return Error(Errc::Denied, what + "protected environment variable \"" + name + "\"");
  }
  if (std::ranges::find(kCheckoutLocked, name) == kCheckoutLocked.end()) return success();
  return Error(Errc::Denied, what + "checkout-locked environment variable \"" + name +
                                 "\" while BUILDKITE_CHECKOUT_OVERRIDE_MODE=" +
                                 job.variable("BUILDKITE_CHECKOUT_OVERRIDE_MODE"));
}

Result<void> apply(JobContext& job, const FetchedSecret& secret) {
  const std::string& name = secret.wanted.variable;
  if (name.empty()) return success();
  OSTLER_TRY(check_may_set(job, secret.wanted));
  const bool is_known = job.env.contains(name);
  job.env[name] = secret.value.reveal();
  job.log.line(log::comment("Secret " + secret.wanted.key + " added as environment variable " +
                            name + (is_known ? " (overwritten)" : "")));
  return success();
}

}  // namespace

asio::awaitable<Result<void>> bring_secrets(JobContext& job) {
  const std::string config = environment::value_of(job.env, kSecretsConfig);
  if (config.empty()) co_return success();
  OSTLER_CO_TRY(const auto wanted, wire::decode_secrets_config(config));
  if (wanted.empty()) co_return success();
  job.log.line(log::section("Preparing secrets"));
  std::vector<FetchedSecret> secrets;
  std::string failed;
  for (const wire::WantedSecret& one : wanted) {
    auto value = co_await fetch(job, one.key);
    if (!value) {
      if (failed.empty()) job.log.line(log::error("failed to fetch secrets for job:"));
      job.log.line(log::error("secret \"" + one.key + "\": " + value.error().message()));
      failed += (failed.empty() ? "" : ", ") + one.key;
      continue;
    }
    job.log.needles().add(value.value().reveal());
    secrets.push_back({one, std::move(value).value()});
  }
  if (!failed.empty()) {
    co_return Error(Errc::Denied, "the job's secrets could not be fetched: " + failed +
                                      "; see them with \"ostler secret list\"");
  }
  for (const FetchedSecret& secret : secrets) {
    OSTLER_CO_TRY(apply(job, secret));
  }
  co_return success();
}

}  // namespace ostler::worker
