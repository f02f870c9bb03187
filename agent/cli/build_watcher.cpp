// SPDX-License-Identifier: Apache-2.0
#include "cli/build_watcher.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "base/clock.hpp"
#include "cli/build_feed.hpp"
#include "cli/command.hpp"
#include "cli/failure_report.hpp"
#include "cli/live_watch.hpp"
#include "console/build_changes.hpp"
#include "console/build_page.hpp"

namespace ostler::cli {

namespace asio = boost::asio;

namespace {

constexpr int kEndedBySignal = 128;

/// A line for each change.
class LinePrinter final : public BuildFeed::Listener {
 public:
  explicit LinePrinter(console::Terminal& terminal) : terminal_(terminal), changes_(terminal) {}

  void build_changed(const wire::RestBuildAnswer& build) override {
    for (const std::string& line : changes_.take(build)) terminal_.print_line(line);
  }
  void hub_is_away() override { terminal_.print_line("the hub does not answer; waiting for it"); }

 private:
  console::Terminal& terminal_;
  console::BuildChanges changes_;
};

Result<wire::RestBuildAnswer> watch_in_lines(HubClient& hub, const wire::RestBuildAnswer& build,
                                             console::Terminal& terminal) {
  asio::io_context io(1);
  HubStreams streams(hub, io.get_executor());
  LinePrinter printer(terminal);
  BuildFeed feed(streams, io.get_executor(), build, printer);
  std::optional<Result<void>> outcome;
  asio::co_spawn(
      io, [&]() -> asio::awaitable<void> { outcome.emplace(co_await feed.run()); },
      [](const std::exception_ptr& bug) {
        if (bug) std::rethrow_exception(bug);
      });
  io.run();
  OSTLER_TRY(std::move(*outcome));
  return feed.build();
}

Result<int> verdict_on(HubClient& hub, const wire::RestBuildAnswer& build,
                       console::Terminal& terminal) {
  OSTLER_TRY(report_failure(hub, build, terminal));
  return build.state == "passed" ? kExitOk : kExitFailed;
}

/// What stays of the picture: how the build stands.
Result<int> watch_on_screen(HubClient& hub, const wire::RestBuildAnswer& build,
                            std::optional<std::chrono::microseconds> usual, console::Screen screen,
                            console::Terminal& terminal) {
  OSTLER_TRY(const auto watched,
             watch_live(hub, build, usual, std::move(screen), terminal.has_colours()));
  console::print_build(watched.build, SystemClock().now(), terminal);
  if (watched.stopped_by) return kEndedBySignal + *watched.stopped_by;
  auto verdict = verdict_on(hub, watched.build, terminal);
  terminal.ring();
  return verdict;
}

}  // namespace

Result<int> watch_build(HubClient& hub, const wire::RestBuildAnswer& build,
                        console::Terminal& terminal) {
  if (console::Screen::is_there()) {
    // Asked before there is a screen: a signal finds the terminal as it was.
    const auto usual = usual_time(hub, build);
    auto screen = console::Screen::open();
    if (screen) return watch_on_screen(hub, build, usual, std::move(screen).value(), terminal);
  }
  OSTLER_TRY(const auto last, watch_in_lines(hub, build, terminal));
  return verdict_on(hub, last, terminal);
}

}  // namespace ostler::cli
