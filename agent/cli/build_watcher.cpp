// SPDX-License-Identifier: Apache-2.0
#include "cli/build_watcher.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "cli/build_feed.hpp"
#include "cli/command.hpp"
#include "cli/failure_report.hpp"
#include "cli/live_watch.hpp"
#include "console/build_changes.hpp"
#include "console/build_page.hpp"
#include "net/until.hpp"

namespace ostler::cli {

namespace asio = boost::asio;

namespace {

constexpr int kEndedBySignal = 128;

/// A line for each change, until nobody reads them.
class LinePrinter final : public BuildFeed::Listener {
 public:
  LinePrinter(console::Terminal& terminal, WatchUntil until, net::AsyncEvent& enough)
      : terminal_(terminal), changes_(terminal), until_(until), enough_(enough) {}

  void build_changed(const wire::RestBuildAnswer& build) override {
    for (const std::string& line : changes_.take(build)) terminal_.print_line(line);
    const bool is_blocked = build.state == "blocked";
    const bool was_blocked = std::exchange(was_blocked_, is_blocked);
    const bool is_enough = is_blocked && until_ == WatchUntil::Blocked;
    if (is_blocked && !was_blocked && !is_enough) report_gates(build, terminal_);
    if (is_enough) enough_.set();
    end_when_unread();
  }
  void hub_is_away(const std::string& words) override {
    terminal_.print_line(words);
    end_when_unread();
  }

 private:
  void end_when_unread() {
    if (!terminal_.has_reader()) enough_.set();
  }

  console::Terminal& terminal_;
  console::BuildChanges changes_;
  WatchUntil until_;
  net::AsyncEvent& enough_;
  bool was_blocked_ = false;
};

Result<wire::RestBuildAnswer> watch_in_lines(HubClient& hub, const wire::RestBuildAnswer& build,
                                             console::Terminal& terminal, WatchUntil until) {
  asio::io_context io(1);
  HubStreams streams(hub, io.get_executor());
  net::AsyncEvent enough(io.get_executor());
  LinePrinter printer(terminal, until, enough);
  BuildFeed feed(streams, io.get_executor(), build, printer);
  std::optional<Result<void>> outcome;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> { outcome.emplace(co_await net::until(enough, feed.run())); },
      [](const std::exception_ptr& bug) {
        if (bug) std::rethrow_exception(bug);
      });
  io.run();
  if (!*outcome && !enough.is_set()) return outcome->error();
  return feed.build();
}

int verdict_on(HubClient& hub, const wire::RestBuildAnswer& build, const ToldFailures& told,
               console::Terminal& terminal) {
  report_failure(hub, build, told, terminal);
  report_gates(build, terminal);
  if (build.state == "blocked") return kExitBlocked;
  return build.state == "passed" ? kExitOk : kExitFailed;
}

/// What stays of the picture: how the build stands.
Result<int> watch_on_screen(HubClient& hub, const wire::RestBuildAnswer& build,
                            std::optional<std::chrono::microseconds> usual, console::Screen screen,
                            console::Terminal& terminal, WatchUntil until) {
  OSTLER_TRY(const auto watched, watch_live(hub, build, usual, std::move(screen),
                                            {.has_colours = terminal.has_colours(),
                                             .until_blocked = until == WatchUntil::Blocked}));
  if (watched.stopped_by) {
    console::print_build(watched.build, SystemClock().now(), terminal);
    return kEndedBySignal + *watched.stopped_by;
  }
  const ToldFailures told = told_failures(hub, watched.build);
  console::print_build(watched.build, SystemClock().now(), terminal, words_of(told));
  const int verdict = verdict_on(hub, watched.build, told, terminal);
  terminal.ring();
  return verdict;
}

}  // namespace

Result<int> watch_build(HubClient& hub, const wire::RestBuildAnswer& build,
                        console::Terminal& terminal, WatchUntil until) {
  if (console::Screen::is_there()) {
    // Asked before there is a screen: a signal finds the terminal as it was.
    const auto usual = usual_time(hub, build);
    auto screen = console::Screen::open();
    if (screen) {
      return watch_on_screen(hub, build, usual, std::move(screen).value(), terminal, until);
    }
  }
  OSTLER_TRY(const auto last, watch_in_lines(hub, build, terminal, until));
  if (!terminal.has_reader()) return kExitOk;
  return verdict_on(hub, last, told_first_failure(hub, last), terminal);
}

}  // namespace ostler::cli
