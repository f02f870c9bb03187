// SPDX-License-Identifier: Apache-2.0
#include "bench/chain/cancel_bench.hpp"

#include <poll.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "base/assert.hpp"
#include "bench/chain/fixture.hpp"
#include "bench/chain/table.hpp"
#include "process/pidfd.hpp"
#include "support/wait_until.hpp"

namespace ostler::bench {
namespace {

using namespace std::chrono_literals;

/// What cancels of one kind of command took, from the moment at which the agent was told.
struct CancelTimes {
  std::vector<double> gone;      ///< until the command's process was no more
  std::vector<double> finished;  ///< until the job's finish was answered, its process tree empty

  /// `command` runs as the process that is looked at; `grace` is not counted.
  void measure(Fixture& fixture, const std::string& command, std::chrono::milliseconds grace);
};

void CancelTimes::measure(Fixture& fixture, const std::string& command,
                          std::chrono::milliseconds grace) {
  OSTLER_ASSERT(fixture.hub.await_idle(1));
  const auto place = fixture.directory / "pid";
  std::filesystem::remove(place);
  const std::string name = place.string();
  JobOrder order;
  order.env["BUILDKITE_COMMAND"] =
      "echo $$ >" + name + ".new; mv " + name + ".new " + name + "; " + command;
  JobTrace trace;
  std::thread job([&] { trace = fixture.hub.run({order}).front(); });
  OSTLER_ASSERT(support::wait_until(20s, [&] { return std::filesystem::exists(place); }));
  pid_t pid = 0;
  std::ifstream(place) >> pid;
  const auto process = process::open_pidfd(pid);
  OSTLER_ASSERT(process.has_value());
  pollfd end{process.value().get(), POLLIN, 0};
  fixture.hub.cancel();
  OSTLER_ASSERT(::poll(&end, 1, 60'000) == 1);
  const auto now = std::chrono::steady_clock::now();
  job.join();
  gone.push_back(millis_between(trace.canceled + grace, now));
  finished.push_back(millis_between(trace.canceled + grace, trace.finished));
}

void measure_obedient() {
  Fixture fixture(1);
  CancelTimes times;
  for (int i = 0; i < 300; ++i) times.measure(fixture, "exec sleep 1000", 0ms);
  row_of_times("cancel told to the command's process gone", times.gone, "");
  row_of_times("  to finish answered", times.finished, "250 ms");
}

void measure_deaf() {
  Fixture fixture(1, {"--cancel-signal-timeout", "1s"});
  CancelTimes times;
  for (int i = 0; i < 10; ++i) {
    times.measure(fixture, "trap '' TERM; while :; do sleep 0.05; done", 1s);
  }
  row_of_times("the same of a deaf command, beyond its grace", times.gone, "");
  row_of_times("  to finish answered", times.finished, "250 ms");
}

}  // namespace

void measure_cancels() {
  measure_obedient();
  measure_deaf();
}

}  // namespace ostler::bench
