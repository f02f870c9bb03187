// SPDX-License-Identifier: Apache-2.0
#include "cli/live_watch.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <deque>
#include <utility>

#include "base/clock.hpp"
#include "cli/build_feed.hpp"
#include "cli/failure_report.hpp"
#include "console/live_page.hpp"
#include "console/log_lines.hpp"
#include "console/log_marks.hpp"
#include "console/plain_text.hpp"
#include "net/task_group.hpp"
#include "net/until.hpp"

namespace ostler::cli {

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 1s;         // durations go on
constexpr auto kBetween = 50ms;    // two pictures
constexpr auto kAskLogAgain = 2s;  // where a server streams no logs
constexpr std::size_t kLinesKept = 1'000;
/// What is read of a log before its new lines come.
constexpr const char* kTail = "65536";
constexpr int kPastBuilds = 20;

/// One build on one screen: tasks on one thread that share what is shown.
class LiveWatch final : BuildFeed::Listener {
 public:
  LiveWatch(HubClient& hub, const wire::RestBuildAnswer& build,
            std::optional<std::chrono::microseconds> usual, console::Screen screen,
            const LiveOptions& options)
      : usual_(usual),
        streams_(hub, io_.get_executor()),
        feed_(streams_, io_.get_executor(), build, *this),
        lines_(options.has_colours),
        has_colours_(options.has_colours),
        until_blocked_(options.until_blocked),
        screen_(std::move(screen)) {}

  Result<Watched> run() {
    asio::co_spawn(io_, watch(), [](const std::exception_ptr& bug) {
      if (bug) std::rethrow_exception(bug);
    });
    io_.run();
    const bool has_enough = until_blocked_ && feed_.build().state == "blocked";
    if (!stopped_by_ && !has_enough && outcome_ && !*outcome_) return std::move(outcome_->error());
    return Watched{feed_.build(), stopped_by_};
  }

 private:
  void build_changed(const wire::RestBuildAnswer& build) override {
    note_.clear();
    if (build.state == "blocked") tell_blocked(build);
    if (!is_chosen_by_hand_) choose(console::job_to_show(build, chosen_));
    changed_.set();
  }
  void tell_blocked(const wire::RestBuildAnswer& build) {
    if (until_blocked_) over_.set();
    const auto gate = std::ranges::find(build.jobs, wire::RestJobProgress::Blocked,
                                        &wire::RestJobAnswer::progress);
    if (gate == build.jobs.end()) return;
    note_ = "waits for a person: " + unblock_command(build, *gate);
  }
  void hub_is_away(const std::string& words) override {
    note_ = words;
    changed_.set();
  }

  asio::awaitable<void> watch() {
    net::TaskGroup group(io_.get_executor());
    group.spawn(follow_build());
    group.spawn(draw());
    group.spawn(take_keys());
    group.spawn(take_signals());
    group.spawn(follow_logs());
    co_await over_.wait();
    group.cancel();
    co_await group.join();
  }

  asio::awaitable<void> follow_build() {
    outcome_.emplace(co_await feed_.run());
    over_.set();
  }

  asio::awaitable<void> draw() {
    while (!co_await net::is_cancelled()) {
      changed_.reset();
      const auto size = screen_.size();
      const std::string unfinished = lines_.unfinished();
      screen_.draw(console::live_lines({.build = feed_.build(),
                                        .chosen = chosen_,
                                        .log = log_,
                                        .unfinished = unfinished,
                                        .usual = usual_,
                                        .note = note_,
                                        .open = open_,
                                        .now = clock_.now()},
                                       {size.columns, size.rows, has_colours_}));
      co_await timers_.sleep(kBetween);
      co_await changed_.wait(kTick);
    }
  }

  asio::awaitable<void> take_keys() {
    asio::posix::stream_descriptor terminal(io_, ::dup(screen_.input()));
    console::KeyReader keys;
    std::array<char, 64> bytes{};
    for (;;) {
      const auto [error, size] = co_await terminal.async_read_some(
          asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
      if (error) co_return;
      for (const console::Key key : keys.feed({bytes.data(), size})) take(key);
    }
  }

  void take(console::Key key) {
    if (key == console::Key::Quit) return stop(SIGINT);
    changed_.set();
    if (key == console::Key::Groups) return turn_groups();
    is_chosen_by_hand_ = true;
    choose(console::job_beside(feed_.build(), chosen_, key == console::Key::Up ? -1 : 1, open_));
  }

  void turn_groups() {
    const bool are_open = open_ == console::OpenGroups::All;
    open_ = are_open ? console::OpenGroups::Unsettled : console::OpenGroups::All;
  }

  asio::awaitable<void> take_signals() {
    asio::signal_set signals(io_, SIGINT, SIGTERM, SIGHUP);
    signals.add(SIGWINCH);
    for (;;) {
      const auto [error, number] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
      if (error) co_return;
      if (number != SIGWINCH) co_return stop(number);
      changed_.set();
    }
  }

  void stop(int signal) {
    stopped_by_ = signal;
    over_.set();
  }

  void choose(std::string job) {
    if (job == chosen_) return;
    chosen_ = std::move(job);
    forget_log();
    choice_.set();
  }

  /// The log of the chosen job, from near its end on.
  asio::awaitable<void> follow_logs() {
    while (!co_await net::is_cancelled()) {
      choice_.reset();
      if (!chosen_.empty()) co_await net::until(choice_, follow_log(chosen_));
      co_await choice_.wait();
    }
  }

  asio::awaitable<bool> follow_log(std::string job) {
    const auto followed = co_await streams_.follow(
        {.path = "/jobs/" + job + "/log/stream?tail=" + kTail,
         .last_id = "",
         .take = [&](const auto& events) { return job == chosen_ ? take(events) : success(); },
         .away = [this](const std::string& words) { hub_is_away(words); }});
    const bool is_refused = !followed && followed.error().code() != Errc::Cancelled;
    if (is_refused && job == chosen_) {
      add({"[no log: " + console::plain_line(followed.error().message()) + "]"});
      changed_.set();
    }
    const bool has_stream = !followed || followed.value();
    while (!has_stream && !co_await net::is_cancelled()) {
      co_await read_log(job);
      co_await timers_.sleep(kAskLogAgain);
    }
    co_return true;
  }

  Result<void> take(const std::vector<net::ServerEvent>& events) {
    for (const net::ServerEvent& event : events) {
      if (event.name != "log") continue;
      OSTLER_TRY(const auto piece, wire::decode_rest_log_event(event.data));
      add(lines_.feed(piece.text));
    }
    changed_.set();
    return success();
  }

  /// The end of a log where it is not streamed.
  asio::awaitable<void> read_log(const std::string& job) {
    const auto answer = co_await streams_.get(
        "/jobs/" + job + "/log.txt",
        {{"Accept", "text/plain"}, {"Range", "bytes=-" + std::string(kTail)}}, {});
    if (!answer || job != chosen_) co_return;
    forget_log();
    add(lines_.feed(answer.value().body));
    changed_.set();
  }

  void forget_log() {
    log_.clear();
    lines_ = console::LogLines(has_colours_);
  }

  void add(std::vector<std::string> lines) {
    for (std::string& line : lines) {
      if (!console::opens_section(line)) log_.push_back(std::move(line));
    }
    while (log_.size() > kLinesKept) log_.pop_front();
  }

  asio::io_context io_{1};
  SystemClock clock_;
  net::SystemTimers timers_;
  std::optional<std::chrono::microseconds> usual_;
  net::AsyncEvent over_{io_.get_executor()};
  net::AsyncEvent changed_{io_.get_executor()};  ///< the picture is out of date
  net::AsyncEvent choice_{io_.get_executor()};   ///< another log is to be shown
  HubStreams streams_;
  BuildFeed feed_;
  console::LogLines lines_;
  std::deque<std::string> log_;
  bool has_colours_;
  bool until_blocked_;
  console::OpenGroups open_ = console::OpenGroups::Unsettled;
  bool is_chosen_by_hand_ = false;
  std::string chosen_;  ///< id of a job
  std::string note_;
  std::optional<int> stopped_by_;
  std::optional<Result<void>> outcome_;
  console::Screen screen_;
};

}  // namespace

std::optional<std::chrono::microseconds> usual_time(HubClient& hub,
                                                    const wire::RestBuildAnswer& build) {
  for (const char* state : {"passed", "failed"}) {  // where none has passed, a failed one tells
    const auto text = hub.builds_text(
        {.pipeline = build.pipeline, .branches = {}, .states = {state}, .limit = kPastBuilds});
    const auto builds = text ? wire::decode_rest_builds(text.value()) : text.error();
    if (!builds) return std::nullopt;
    if (const auto usual = console::usual_duration(builds.value())) return usual;
  }
  return std::nullopt;
}

Result<Watched> watch_live(HubClient& hub, const wire::RestBuildAnswer& build,
                           std::optional<std::chrono::microseconds> usual, console::Screen screen,
                           const LiveOptions& options) {
  return LiveWatch(hub, build, usual, std::move(screen), options).run();
}

}  // namespace ostler::cli
