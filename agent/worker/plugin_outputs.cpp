// SPDX-License-Identifier: Apache-2.0
#include "worker/plugin_outputs.hpp"

#include <memory>
#include <optional>

#include "log/lines.hpp"
#include "wire/agent_api.hpp"
#include "worker/api_call.hpp"

namespace ostler::worker {

namespace asio = boost::asio;

namespace {

/// A value on its way to the server. A job that is cancelled does not wait for it.
struct Sending {
  Sending(const JobContext& job, const wire::MetaDatum& datum)
      : call(job.executor, job.link,
             job_request(job.document.job_id, "POST", "data/set", wire::encode(datum)),
             agent_client::policy::kMetaDataSet),
        changed(job.executor) {}

  ApiCall call;
  Event changed;
  std::optional<Result<std::string>> end;
};

class ForegroundSending final : public Cancellation::Foreground {
 public:
  ForegroundSending(Cancellation& cancellation, Sending& sending)
      : Foreground(cancellation), sending_(sending) {}
  void cancel(const Cancellation&) override { abandon(); }
  void kill() override { abandon(); }

 private:
  void abandon() {
    sending_.call.abandon();
    sending_.changed.notify();
  }
  Sending& sending_;
};

asio::awaitable<void> send_to_end(std::shared_ptr<Sending> sending) {
  sending->end = co_await sending->call.make();
  sending->changed.notify();
}

asio::awaitable<Result<void>> set_meta_datum(JobContext& job, wire::MetaDatum datum) {
  if (job.cancellation.is_cancelled()) co_return Error(Errc::Cancelled, "the job was cancelled");
  const auto sending = std::make_shared<Sending>(job, datum);
  const ForegroundSending foreground(job.cancellation, *sending);
  job.tasks.spawn(send_to_end(sending));
  while (!sending->end && !sending->call.is_abandoned()) co_await sending->changed.wait();
  if (!sending->end) co_return Error(Errc::Cancelled, "the job was cancelled");
  OSTLER_CO_TRY(*sending->end);
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
