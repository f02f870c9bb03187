// SPDX-License-Identifier: Apache-2.0
#include "cli/build_watcher.hpp"

#include <thread>

#include "cli/command.hpp"
#include "cli/failure_report.hpp"
#include "cli/poll_pace.hpp"
#include "console/build_changes.hpp"

namespace ostler::cli {
namespace {

using namespace std::chrono_literals;

constexpr PollPace::Limits kWatchPace{.shortest = 100ms, .longest = 1s};
constexpr auto kPatience = 5min;

/// Asks again and again while the hub is away, at most for kPatience.
class PatientReader {
 public:
  PatientReader(HubClient& hub, console::Terminal& terminal) : hub_(hub), terminal_(terminal) {}

  Result<wire::RestBuildAnswer> read(const wire::RestBuildAnswer& build) {
    const auto give_up_at = std::chrono::steady_clock::now() + kPatience;
    for (bool has_told = false;; has_told = true) {
      auto now = hub_.build(build.pipeline, build.number);
      if (now || !may_pass(now.error())) return now;
      if (std::chrono::steady_clock::now() >= give_up_at) return now;
      if (!has_told) terminal_.print_line("the hub does not answer; waiting for it");
      std::this_thread::sleep_for(kWatchPace.longest);
    }
  }

 private:
  static bool may_pass(const Error& error) {
    return error.code() == Errc::Unavailable || error.code() == Errc::Timeout;
  }

  HubClient& hub_;
  console::Terminal& terminal_;
};

}  // namespace

Result<int> watch_build(HubClient& hub, const wire::RestBuildAnswer& build,
                        console::Terminal& terminal) {
  PatientReader reader(hub, terminal);
  console::BuildChanges changes(terminal);
  PollPace pace(kWatchPace);
  while (true) {
    OSTLER_TRY(const auto now, reader.read(build));
    const auto lines = changes.take(now);
    for (const std::string& line : lines) terminal.print_line(line);
    if (now.finished_at) {
      OSTLER_TRY(report_failure(hub, now, terminal));
      return now.state == "passed" ? kExitOk : kExitFailed;
    }
    if (!lines.empty()) pace.hurry();
    std::this_thread::sleep_for(pace.next());
  }
}

}  // namespace ostler::cli
