// SPDX-License-Identifier: Apache-2.0
#include "worker/job_secrets.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "environment/protected.hpp"
#include "environment/redacted_vars.hpp"
#include "log/lines.hpp"
#include "wire/agent_api_secrets.hpp"
#include "wire/rest_urls.hpp"
#include "wire/secrets_config.hpp"
#include "worker/foreground_calls.hpp"

namespace ostler::worker {

namespace asio = boost::asio;

namespace {

constexpr std::string_view kSecretsConfig = "BUILDKITE_SECRETS_CONFIG";
constexpr std::size_t kMostFetches = 10;  // at once
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
  job.secret_variables[name] = secret.wanted.key;
  job.log.line(log::comment("Secret " + secret.wanted.key + " added as environment variable " +
                            name + (is_known ? " (overwritten)" : "")));
  return success();
}

/// Programs in the job know a secret by the name of its variable.
void name_secret_variables(JobContext& job) {
  constexpr const char* kGlobs = "BUILDKITE_REDACTED_VARS";
  std::string globs = job.variable(kGlobs);
  if (globs.empty()) globs = environment::kDefaultRedactedVars;
  for (const auto& [name, key] : job.secret_variables) globs += "," + name;
  job.env[kGlobs] = globs;
}

/// The secrets of a job on their way.
struct Fetching {
  explicit Fetching(JobContext& its_job, std::vector<wire::WantedSecret> of)
      : job(its_job),
        wanted(std::move(of)),
        found(wanted.size()),
        calls(its_job),
        ended(its_job.executor) {}

  JobContext& job;
  const std::vector<wire::WantedSecret> wanted;
  std::vector<std::optional<Result<Secret>>> found;  ///< each at the place of what was wanted
  ForegroundCalls calls;
  std::size_t next = 0;
  int running = 0;
  Event ended;
};

asio::awaitable<Result<Secret>> fetch(Fetching& all, const std::string& key) {
  OSTLER_CO_TRY(const auto body,
                co_await all.calls.make(job_request(all.job.document.job_id, "GET",
                                                    "secrets?key=" + wire::percent_encode(key), ""),
                                        agent_client::policy::kSecretGet));
  OSTLER_CO_TRY(auto secret, wire::decode_job_secret(body));
  co_return std::move(secret.value);
}

asio::awaitable<void> fetch_in_turn(Fetching& all) {
  while (all.next < all.wanted.size()) {
    const std::size_t place = all.next++;
    all.found[place] = co_await fetch(all, all.wanted[place].key);
  }
  --all.running;
  all.ended.notify();
}

asio::awaitable<void> fetch_all(Fetching& all) {
  all.running = static_cast<int>(std::min(all.wanted.size(), kMostFetches));
  for (int i = all.running; i > 0; --i) all.job.tasks.spawn(fetch_in_turn(all));
  while (all.running > 0) co_await all.ended.wait();
}

/// Errors: Denied, of which the log has said what it is about.
Result<std::vector<FetchedSecret>> take_found(Fetching& all) {
  std::vector<FetchedSecret> secrets;
  std::string failed;
  for (std::size_t i = 0; i < all.wanted.size(); ++i) {
    const std::string& key = all.wanted[i].key;
    Result<Secret>& value = *all.found[i];
    if (value) {
      all.job.log.needles().add(value.value().reveal());
      secrets.push_back({all.wanted[i], std::move(value).value()});
      continue;
    }
    if (failed.empty()) all.job.log.line(log::error("failed to fetch secrets for job:"));
    all.job.log.line(log::error("secret \"" + key + "\": " + value.error().message()));
    failed += (failed.empty() ? "" : ", ") + key;
  }
  if (failed.empty()) return secrets;
  return Error(Errc::Denied, "the job's secrets could not be fetched: " + failed +
                                 "; see them with \"ostler secret list\"");
}

}  // namespace

asio::awaitable<Result<void>> bring_secrets(JobContext& job) {
  const std::string config = environment::value_of(job.env, kSecretsConfig);
  if (config.empty()) co_return success();
  OSTLER_CO_TRY(const auto wanted, wire::decode_secrets_config(config));
  if (wanted.empty()) co_return success();
  job.log.line(log::section("Preparing secrets"));
  Fetching fetching(job, wanted);
  co_await fetch_all(fetching);
  if (job.cancellation.is_cancelled()) co_return Error(Errc::Cancelled, "the job was cancelled");
  OSTLER_CO_TRY(const auto secrets, take_found(fetching));
  for (const FetchedSecret& secret : secrets) {
    OSTLER_CO_TRY(apply(job, secret));
  }
  name_secret_variables(job);
  co_return success();
}

}  // namespace ostler::worker
