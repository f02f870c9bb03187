// SPDX-License-Identifier: Apache-2.0
#include "cli/build_follower.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>
#include <utility>

#include "cli/build_feed.hpp"
#include "console/job_words.hpp"
#include "console/log_lines.hpp"
#include "net/task_group.hpp"
#include "wire/rest_gate.hpp"

namespace ostler::cli {

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;
using wire::RestJobAnswer;
using wire::RestJobProgress;

/// Longer than an agent's graces for a command and for cleaning up after it.
constexpr auto kWindDownTime = 30s;

bool has_ended(const RestJobAnswer& job) {
  return job.progress != RestJobProgress::Waiting && job.progress != RestJobProgress::Running;
}

/// Whether the job has, or may have, a log to show.
bool has_begun(const RestJobAnswer& job) {
  return job.type == "script" && (job.started_at || console::has_failed(job));
}

/// One build that is followed: tasks on one thread that share what they know of it.
class BuildFollower final : BuildFeed::Listener {
 public:
  BuildFollower(const FollowParts& parts, const wire::RestBuildAnswer& build, bool keep_colours)
      : parts_(parts),
        streams_(parts.hub, io_.get_executor()),
        feed_(streams_, io_.get_executor(), build, *this),
        lines_(keep_colours) {}

  Result<Followed> run() {
    asio::co_spawn(io_, follow(), [](const std::exception_ptr& bug) {
      if (bug) std::rethrow_exception(bug);
    });
    io_.run();
    if (fault_) return std::move(*fault_);
    return Followed{feed_.build(), stop_signal_};
  }

 private:
  void build_changed(const wire::RestBuildAnswer&) override {
    note_failures();
    changed_.set();
    gates_changed_.set();
  }
  void hub_is_away(const std::string&) override {}

  asio::awaitable<void> follow() {
    net::TaskGroup group(io_.get_executor());
    group.spawn(follow_build());
    group.spawn(show_jobs());
    group.spawn(take_signals());
    if (parts_.gate_answers) group.spawn(open_gates());
    group.spawn(cancel_when_asked());
    group.spawn(give_up_in_time());
    group.spawn(watch_service(parts_.services.hub_pidfd()));
    group.spawn(watch_service(parts_.services.agent_pidfd()));
    co_await over_.wait();
    group.cancel();
    co_await group.join();
  }

  void end(std::optional<Error> fault = std::nullopt) {
    if (over_.is_set()) return;
    fault_ = std::move(fault);
    over_.set();
  }

  asio::awaitable<void> follow_build() {
    const auto finished = co_await feed_.run();
    if (!finished) co_return end(finished.error());
    has_finished_ = true;
    changed_.set();
  }

  /// One log after the other, in the order in which the jobs began.
  asio::awaitable<void> show_jobs() {
    while (!co_await net::is_cancelled()) {
      changed_.reset();
      if (const RestJobAnswer* const next = next_job()) {
        co_await show(*next);
      } else if (has_finished_ || is_stuck()) {
        co_return end();
      } else {
        co_await changed_.wait();
      }
    }
  }

  /// Whether only a person could let it go on, and nobody will.
  bool is_stuck() const { return feed_.build().state == "blocked" && !parts_.gate_answers; }

  asio::awaitable<void> open_gates() {
    while (!co_await net::is_cancelled()) {
      gates_changed_.reset();
      const RestJobAnswer* const gate = closed_gate();
      if (gate == nullptr) {
        co_await gates_changed_.wait();
        continue;
      }
      const std::string title = console::job_title(*gate);
      const std::string id = gate->id;
      auto answers = answers_to(*gate, *parts_.gate_answers);
      if (!answers) co_return end(std::move(answers).error().with_context(title));
      opened_.insert(id);
      parts_.view.note("opening " + title);
      auto opened = co_await streams_.put("/jobs/" + id + "/unblock",
                                          wire::encode_rest_unblock(answers.value()));
      const bool is_refused = !opened && !co_await net::is_cancelled();
      if (is_refused && co_await is_closed(id)) {
        co_return end(std::move(opened).error().with_context(title));
      }
    }
  }

  /// Whether the gate still waits: somebody else may have opened it first, or canceled the build.
  asio::awaitable<bool> is_closed(std::string id) {
    const auto answer = co_await streams_.get("/jobs/" + id, {}, {});
    if (!answer || !answer.value().ok()) co_return true;
    const auto job = wire::decode_rest_job(answer.value().body);
    co_return !job || job.value().progress == RestJobProgress::Blocked;
  }

  const RestJobAnswer* closed_gate() const {
    if (stopping_.is_set()) return nullptr;
    for (const RestJobAnswer& job : feed_.build().jobs) {
      if (job.progress == RestJobProgress::Blocked && !opened_.contains(job.id)) return &job;
    }
    return nullptr;
  }

  const RestJobAnswer* next_job() const {
    const RestJobAnswer* next = nullptr;
    for (const RestJobAnswer& job : feed_.build().jobs) {
      if (!has_begun(job) || shown_.contains(job.id)) continue;
      if (next == nullptr || job.started_at < next->started_at) next = &job;
    }
    return next;
  }

  asio::awaitable<void> show(RestJobAnswer job) {
    current_ = job.id;
    parts_.view.begin_job(job);
    const auto followed = co_await streams_.follow(
        {.path = "/jobs/" + job.id + "/log/stream",
         .last_id = "",
         .take = [this](const std::vector<net::ServerEvent>& events) { return take(events); },
         .away = {}});
    if (co_await net::is_cancelled()) co_return;
    if (!followed) co_return end(followed.error());
    if (const std::string rest = lines_.finish(); !rest.empty()) parts_.view.show_lines({rest});
    while (!update(job)) {
      changed_.reset();
      co_await changed_.wait();
      if (co_await net::is_cancelled()) co_return;
    }
    parts_.view.end_job(job);
    shown_.insert(std::exchange(current_, {}));
    note_failures();
  }

  /// Whether `job`, as it is now, has ended.
  bool update(RestJobAnswer& job) const {
    const auto now = std::ranges::find(feed_.build().jobs, job.id, &RestJobAnswer::id);
    if (now != feed_.build().jobs.end()) job = *now;
    return has_ended(job);
  }

  Result<void> take(const std::vector<net::ServerEvent>& events) {
    for (const net::ServerEvent& event : events) {
      if (event.name != "log") continue;
      OSTLER_TRY(const auto piece, wire::decode_rest_log_event(event.data));
      parts_.view.show_lines(lines_.feed(piece.text));
    }
    return success();
  }

  /// Of those whose log comes later.
  void note_failures() {
    if (current_.empty()) return;
    for (const RestJobAnswer& job : feed_.build().jobs) {
      const bool is_known = job.id == current_ || shown_.contains(job.id);
      if (is_known || !console::has_failed(job) || job.soft_failed) continue;
      if (noted_.insert(job.id).second) parts_.view.note_failure(job);
    }
  }

  asio::awaitable<void> take_signals() {
    asio::posix::stream_descriptor readable(io_, ::dup(parts_.signals.fd()));
    while (co_await wait_for(readable)) {
      while (const auto signal = parts_.signals.take()) obey(*signal);
    }
  }

  void obey(int signal) {
    if (stop_signal_) return give_up();
    stop_signal_ = signal;
    parts_.view.note("canceling the build; once more to stop at once");
    stopping_.set();
  }

  asio::awaitable<void> cancel_when_asked() {
    if (!co_await stopping_.wait()) co_return;
    const wire::RestBuildAnswer& build = feed_.build();
    const auto canceled = co_await streams_.put("/pipelines/" + build.pipeline + "/builds/" +
                                                std::to_string(build.number) + "/cancel");
    const bool had_finished = !canceled && canceled.error().code() == Errc::UserFault;
    if (!canceled && !had_finished && !co_await net::is_cancelled()) end(canceled.error());
  }

  asio::awaitable<void> give_up_in_time() {
    if (!co_await stopping_.wait()) co_return;
    if (co_await timers_.sleep(kWindDownTime)) give_up();
  }

  void give_up() {
    parts_.services.stop_now();
    end();
  }

  /// Neither hub nor agent ends by itself.
  asio::awaitable<void> watch_service(int pidfd) {
    asio::posix::stream_descriptor ended(io_, ::dup(pidfd));
    if (!co_await wait_for(ended) || over_.is_set()) co_return;
    end(parts_.services.fault());
    parts_.services.stop_now();  // one of them alone comes to no end
  }

  static asio::awaitable<bool> wait_for(asio::posix::stream_descriptor& descriptor) {
    const auto [error] = co_await descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                                                        asio::as_tuple(asio::use_awaitable));
    co_return !error;
  }

  FollowParts parts_;
  asio::io_context io_{1};
  net::SystemTimers timers_;
  net::AsyncEvent over_{io_.get_executor()};
  net::AsyncEvent changed_{io_.get_executor()};        ///< the build is another than it was
  net::AsyncEvent gates_changed_{io_.get_executor()};  ///< the same, for who opens gates
  net::AsyncEvent stopping_{io_.get_executor()};       ///< the build is being canceled
  HubStreams streams_;
  BuildFeed feed_;
  console::LogLines lines_;
  bool has_finished_ = false;
  std::string current_;           ///< id of the job whose log is being shown; empty: none
  std::set<std::string> shown_;   ///< ids of jobs whose log was shown whole
  std::set<std::string> opened_;  ///< ids of gates that were opened
  std::set<std::string> noted_;   ///< ids of failed jobs that were noted before their log
  std::optional<int> stop_signal_;
  std::optional<Error> fault_;
};

}  // namespace

Result<Followed> follow_build(const FollowParts& parts, const wire::RestBuildAnswer& build,
                              bool keep_colours) {
  return BuildFollower(parts, build, keep_colours).run();
}

}  // namespace ostler::cli
