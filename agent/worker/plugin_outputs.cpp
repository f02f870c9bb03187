// SPDX-License-Identifier: Apache-2.0
#include "worker/plugin_outputs.hpp"

#include "log/lines.hpp"
#include "wire/agent_api.hpp"
#include "worker/foreground_calls.hpp"

namespace ostler::worker {

namespace asio = boost::asio;

namespace {

asio::awaitable<Result<void>> set_meta_datum(JobContext& job, wire::MetaDatum datum) {
  ForegroundCalls calls(job);
  OSTLER_CO_TRY(
      co_await calls.make(job_request(job.document.job_id, "POST", "data/set", wire::encode(datum)),
                          agent_client::policy::kMetaDataSet));
  co_return success();
}

/// By the job as it came: a plugin may set these variables, and would write as another step.
std::string key_of(const JobContext& job, const std::string& name) {
  const std::string& key = environment::value_of(job.document.env, "BUILDKITE_STEP_KEY");
  const std::string& id = environment::value_of(job.document.env, "BUILDKITE_STEP_ID");
  return "ostler:" + (key.empty() ? id : key) + ":" + name;
}

}  // namespace

asio::awaitable<Result<void>> store_outputs(JobContext& job,
                                            std::map<std::string, std::string> outputs,
                                            plugin_host::StepResult result) {
  for (const auto& [name, json] : outputs) {
    auto done = co_await set_meta_datum(job, {key_of(job, name), json});
    if (!done) co_return std::move(done).error().with_context("output " + name);
  }
  const auto done =
      co_await set_meta_datum(job, {key_of(job, "result"), plugin_host::encode_result(result)});
  if (!done && done.error().code() != Errc::Cancelled) {
    job.log.line(
        log::warning("The result is not in the build's meta-data: " + done.error().message()));
  }
  co_return success();
}

}  // namespace ostler::worker
