// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "log/lines.hpp"
#include "worker/child_run.hpp"
#include "worker/phase.hpp"
#include "worker/unsupported.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using environment::value_of;

namespace {

bool is_set(const std::string& value) { return value == "true" || value == "1"; }

/// Why there is nothing to check out, or nothing.
std::string reason_to_skip(const environment::Variables& env) {
  if (is_set(value_of(env, "BUILDKITE_SKIP_CHECKOUT"))) {
    return "Skipping checkout, BUILDKITE_SKIP_CHECKOUT is set";
  }
  if (value_of(env, "BUILDKITE_REPO").empty()) {
    return "Skipping checkout, BUILDKITE_REPO is empty";
  }
  return {};
}

/// Takes over what the checkout found out. Errors: Protocol when it is not what it should write.
Result<void> take_over(JobContext& job, const std::string& text) {
  const auto found = nlohmann::json::parse(text, nullptr, false);
  if (!found.is_object() || !found.contains("commit") || !found["commit"].is_string()) {
    return Error(Errc::Protocol, "job-checkout wrote no result: " + text);
  }
  job.env["BUILDKITE_COMMIT"] = found["commit"].get<std::string>();
  if (const auto mirror = found.find("mirror"); mirror != found.end() && mirror->is_string()) {
    job.env["BUILDKITE_REPO_MIRROR"] = mirror->get<std::string>();
  }
  return success();
}

void fail(JobContext& job, int exit_status, const std::string& why) {
  job.result.checkout = PhaseFailure{exit_status, "checkout: " + why};
}

void fail_loudly(JobContext& job, const Error& error) {
  job.log.line(log::error(error.message()));
  fail(job, 1, error.message());
}

asio::awaitable<void> run_checkout(JobContext& job) {
  std::string found;
  const auto status =
      co_await run_child(job, {.words = {job.host_program, "job-checkout"}, .result = &found});
  if (!status) co_return fail_loudly(job, status.error());
  const int code = exit_status_of(status.value());
  if (code != 0) co_return fail(job, code, process::describe(status.value()));
  const auto taken = take_over(job, found);
  if (!taken) fail_loudly(job, taken.error());
}

}  // namespace

asio::awaitable<void> check_out(JobContext& job) {
  const std::string skipped = reason_to_skip(job.env);
  if (skipped.empty()) {
    co_await run_checkout(job);
  } else {
    job.log.line(log::section("Preparing working directory"));
    job.log.line(log::comment(skipped));
  }
  if (job.result.checkout) co_return;
  const auto refused = refuse_repository_hooks(job.directory);
  if (!refused) fail_loudly(job, refused.error());
}

}  // namespace ostler::worker
