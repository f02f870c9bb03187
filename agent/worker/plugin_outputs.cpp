// SPDX-License-Identifier: Apache-2.0
#include "worker/plugin_outputs.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>

#include "agent_client/path.hpp"
#include "agent_client/retry.hpp"
#include "base/uuid.hpp"
#include "log/lines.hpp"
#include "wire/agent_api.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// A value on its way to the server. A call waits for as long as no agent answers; a job that is
/// cancelled does not.
struct Sending {
  Sending(const asio::any_io_executor& executor, KeeperLink& to)
      : link(to), pause(executor), changed(executor) {}

  KeeperLink& link;
  asio::steady_timer pause;
  Event changed;
  bool is_abandoned = false;
  std::optional<Result<void>> end;
};

class ForegroundSending final : public Cancellation::Foreground {
 public:
  ForegroundSending(Cancellation& cancellation, Sending& sending)
      : Foreground(cancellation), sending_(sending) {}
  void cancel(const Cancellation&) override { abandon(); }
  void kill() override { abandon(); }

 private:
  void abandon() {
    sending_.is_abandoned = true;
    sending_.pause.cancel();
    sending_.changed.notify();
  }
  Sending& sending_;
};

supervise::ApiRequest set_request(const std::string& job, const wire::MetaDatum& datum) {
  return {.uuid = Uuid::make().str(),
          .method = "POST",
          .path = "jobs/" + agent_client::path_segment(job) + "/data/set",
          .content_type = "application/json",
          .body = wire::encode(datum)};
}

asio::awaitable<Result<void>> send_until_taken(Sending& sending, supervise::ApiRequest request) {
  agent_client::Attempts attempts(agent_client::policy::kMetaDataSet, agent_client::jitter);
  const auto begun = steady_clock::now();
  for (;;) {
    OSTLER_CO_TRY(const auto reply, co_await sending.link.call(request));
    if (reply.status >= 200 && reply.status <= 299) co_return success();
    const auto elapsed = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
    const auto wait = attempts.next(agent_client::failure_of_status(reply.status), elapsed);
    if (!wait || sending.is_abandoned) {
      co_return Error(Errc::Unavailable, "the server answered " + std::to_string(reply.status) +
                                             " " + wire::decode_message(reply.body));
    }
    sending.pause.expires_after(*wait);
    co_await sending.pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

asio::awaitable<void> send_to_end(std::shared_ptr<Sending> sending, supervise::ApiRequest request) {
  sending->end = co_await send_until_taken(*sending, std::move(request));
  sending->changed.notify();
}

asio::awaitable<Result<void>> set_meta_datum(JobContext& job, wire::MetaDatum datum) {
  if (job.cancellation.is_cancelled()) co_return Error(Errc::Cancelled, "the job was cancelled");
  const auto sending = std::make_shared<Sending>(job.executor, job.link);
  const ForegroundSending foreground(job.cancellation, *sending);
  job.tasks.spawn(send_to_end(sending, set_request(job.document.job_id, datum)));
  while (!sending->end && !sending->is_abandoned) co_await sending->changed.wait();
  if (sending->end) co_return *sending->end;
  co_return Error(Errc::Cancelled, "the job was cancelled");
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
