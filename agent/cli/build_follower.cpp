// SPDX-License-Identifier: Apache-2.0
#include "cli/build_follower.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ostler::cli {
namespace {

using namespace std::chrono_literals;
using wire::RestJobAnswer;
using wire::RestJobProgress;

constexpr PollPace::Limits kRunPace{.shortest = 20ms, .longest = 200ms};
/// Longer than an agent's graces for a command and for cleaning up after it.
constexpr auto kWindDownTime = 30s;

bool has_ended(const RestJobAnswer& job) {
  return job.progress != RestJobProgress::Waiting && job.progress != RestJobProgress::Running;
}

bool has_failed(const RestJobAnswer& job) {
  return job.progress == RestJobProgress::Failed || job.progress == RestJobProgress::TimedOut;
}

/// Whether the job has, or may have, a log to show.
bool has_begun(const RestJobAnswer& job) {
  return job.type == "script" && (job.started_at || has_failed(job));
}

class LineSink final : public LogSink {
 public:
  LineSink(console::LogLines& lines, console::BuildView& view) : lines_(lines), view_(view) {}
  void take(std::string_view bytes) override { view_.show_lines(lines_.feed(bytes)); }

 private:
  console::LogLines& lines_;
  console::BuildView& view_;
};

}  // namespace

BuildFollower::BuildFollower(Parts parts, bool keep_colours)
    : parts_(parts), lines_(keep_colours), pace_(kRunPace) {}

Result<Followed> BuildFollower::follow(const std::string& pipeline, std::int64_t number) {
  while (true) {
    OSTLER_TRY(auto build, parts_.hub.build(pipeline, number));
    OSTLER_TRY(show(build.jobs));
    const bool is_done = build.finished_at && all_shown(build.jobs);
    if (is_done) return Followed{std::move(build), stop_signal_};
    if (auto fault = parts_.services.fault()) return std::move(*fault);
    wait();
    OSTLER_TRY(obey_signals(pipeline, number));
    if (!has_given_up()) continue;
    parts_.services.stop_now();
    return Followed{std::move(build), stop_signal_};
  }
}

Result<void> BuildFollower::show(const Jobs& jobs) {
  note_failures(jobs);
  while (true) {
    if (current_.empty()) {
      const RestJobAnswer* next = next_job(jobs);
      if (next == nullptr) return success();
      current_ = next->id;
      log_offset_ = 0;
      parts_.view.begin_job(*next);
    }
    OSTLER_TRY(const bool is_over, show_current(jobs));
    if (!is_over) return success();
  }
}

/// Shows what is new of the current job's log; whether that was the last of it.
Result<bool> BuildFollower::show_current(const Jobs& jobs) {
  LineSink sink(lines_, parts_.view);
  OSTLER_TRY(const std::uint64_t end,
             parts_.hub.read_log(current_, log_offset_, parts_.scratch, sink));
  if (end != std::exchange(log_offset_, end)) pace_.hurry();
  const auto job = std::ranges::find(jobs, current_, &RestJobAnswer::id);
  if (job == jobs.end() || !has_ended(*job)) return false;
  if (const std::string rest = lines_.finish(); !rest.empty()) parts_.view.show_lines({rest});
  parts_.view.end_job(*job);
  shown_.insert(std::exchange(current_, {}));
  return true;
}

/// Of the jobs that have begun and were not shown, the one that began first.
const RestJobAnswer* BuildFollower::next_job(const Jobs& jobs) const {
  const RestJobAnswer* next = nullptr;
  for (const RestJobAnswer& job : jobs) {
    if (!has_begun(job) || shown_.contains(job.id)) continue;
    if (next == nullptr || job.started_at < next->started_at) next = &job;
  }
  return next;
}

void BuildFollower::note_failures(const Jobs& jobs) {
  if (current_.empty()) return;
  for (const RestJobAnswer& job : jobs) {
    const bool is_known = job.id == current_ || shown_.contains(job.id);
    if (!is_known && has_failed(job) && noted_.insert(job.id).second) parts_.view.note_failure(job);
  }
}

bool BuildFollower::all_shown(const Jobs& jobs) const {
  return current_.empty() && next_job(jobs) == nullptr;
}

Result<void> BuildFollower::obey_signals(const std::string& pipeline, std::int64_t number) {
  while (const auto signal = parts_.signals.take()) {
    if (stop_signal_) {
      give_up_at_ = std::chrono::steady_clock::now();
      return success();
    }
    stop_signal_ = signal;
    give_up_at_ = std::chrono::steady_clock::now() + kWindDownTime;
    parts_.view.note("canceling the build; once more to stop at once");
    const auto canceled = parts_.hub.cancel_build(pipeline, number);
    const bool had_finished = !canceled && canceled.error().code() == Errc::UserFault;
    if (!canceled && !had_finished) return canceled.error();
  }
  return success();
}

bool BuildFollower::has_given_up() const { return std::chrono::steady_clock::now() >= give_up_at_; }

void BuildFollower::wait() {
  std::array<pollfd, 3> fds{{{parts_.signals.fd(), POLLIN, 0},
                             {parts_.services.hub_pidfd(), POLLIN, 0},
                             {parts_.services.agent_pidfd(), POLLIN, 0}}};
  static_cast<void>(::poll(fds.data(), fds.size(), static_cast<int>(pace_.next().count())));
}

}  // namespace ostler::cli
