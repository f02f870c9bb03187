// SPDX-License-Identifier: Apache-2.0
// The chain of real processes (agent, keeper, worker, shell) against a hub in memory, and what each
// process costs. Prints rows of one table: figure, minimum, median, aim; of all
// figures, or of those that its arguments name (no-op, throughput, cancel, log, memory).
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "bench/chain/cancel_bench.hpp"
#include "bench/chain/fixture.hpp"
#include "bench/chain/log_bench.hpp"
#include "bench/chain/process_memory.hpp"
#include "bench/chain/table.hpp"
#include "process/spawn.hpp"
#include "support/child_program.hpp"
#include "support/hub_process.hpp"
#include "support/wait_until.hpp"

namespace ostler::bench {
namespace {

using namespace std::chrono_literals;

constexpr int kRepeats = 300;

/// What one no-op job and one that tells the time took.
struct NoOpTimes {
  std::vector<double> whole;
  std::vector<double> first_byte;
  std::vector<double> shell;  ///< the job's shell, started and awaited by us

  void measure(Fixture& fixture);
  void print(const std::string& of) {
    row_of_times("no-op job, offer to finish answered" + of, whole, "3 ms");
    row_of_times("accept answered to the command's first byte" + of, first_byte, "");
    row_of_times("  of which the shell alone", shell, "");
  }
};

double time_of_shell() {
  const process::SpawnOptions options{.executable = "/bin/bash",
                                      .arguments = {"bash", "-e", "-c", "true"}};
  const auto begin = std::chrono::steady_clock::now();
  OSTLER_ASSERT(process::spawn(options).value().wait(20s));
  return millis_between(begin, std::chrono::steady_clock::now());
}

void NoOpTimes::measure(Fixture& fixture) {
  OSTLER_ASSERT(fixture.hub.await_idle(1));
  const auto no_op = fixture.hub.run({JobOrder{}}).front();
  OSTLER_ASSERT(no_op.exit_status == "0");
  shell.push_back(time_of_shell());
  whole.push_back(millis_between(no_op.offered, no_op.finished));
  OSTLER_ASSERT(fixture.hub.await_idle(1));
  const auto stamped =
      fixture.hub.run({JobOrder{{{"BUILDKITE_COMMAND", "echo first=$EPOCHREALTIME"}}}}).front();
  const auto mark = stamped.log.rfind("first=");
  OSTLER_ASSERT(mark != std::string::npos);
  const double seconds = std::atof(stamped.log.substr(mark + 6).c_str());
  first_byte.push_back(seconds * 1e3 - static_cast<double>(stamped.accepted_at) / 1e3);
}

/// The same of two builds, job by job in turn: the machine's moods strike both.
void compare_no_op(const char* other_build) {
  Fixture ours(1);
  ::setenv("OSTLER_BUILD_DIR", other_build, 1);
  Fixture others(1);
  NoOpTimes our_times;
  NoOpTimes other_times;
  for (int i = 0; i < kRepeats; ++i) {
    our_times.measure(ours);
    other_times.measure(others);
  }
  our_times.print("");
  other_times.print(", other");
}

void measure_throughput(int slots) {
  Fixture fixture(slots);
  constexpr std::size_t kJobs = 400;
  fixture.hub.run(std::vector<JobOrder>(40));
  std::vector<double> rates;
  for (int i = 0; i < 5; ++i) {
    OSTLER_ASSERT(fixture.hub.await_idle(1));
    const auto begin = std::chrono::steady_clock::now();
    fixture.hub.run(std::vector<JobOrder>(kJobs));
    const double seconds = millis_between(begin, std::chrono::steady_clock::now()) / 1e3;
    rates.push_back(static_cast<double>(kJobs) / seconds);
  }
  std::sort(rates.rbegin(), rates.rend());
  row("jobs per second, " + std::to_string(slots) + (slots == 1 ? " slot" : " slots"),
      number(rates.front(), "/s"), number(rates[rates.size() / 2], "/s"), "best, median of 5");
}

void row_of_memory(const std::string& what, pid_t pid, const std::string& aim) {
  const auto memory = memory_of(pid);
  row("memory, " + what + " (RSS, private dirty)", number(memory.rss_kib, "KiB"),
      number(memory.private_dirty_kib, "KiB"), aim);
}

void measure_memory() {
  Fixture fixture(1);
  row_of_memory("idle agent", fixture.agent.program().pid(), "28 MiB, 8 MiB");
  JobOrder order;
  const auto quiet = fixture.directory / "quiet";
  OSTLER_ASSERT(support::run_program({"mkfifo", quiet.string()}).code == 0);
  order.env["BUILDKITE_COMMAND"] =
      "echo up > " + (fixture.directory / "up").string() + "; read -r line < " + quiet.string();
  std::thread job([&] { fixture.hub.run({order}); });
  OSTLER_ASSERT(
      support::wait_until(20s, [&] { return std::filesystem::exists(fixture.directory / "up"); }));
  const auto keepers = processes_with({"keeper", fixture.agent.state().string()});
  OSTLER_ASSERT(!keepers.empty());
  row_of_memory("agent with one job", fixture.agent.program().pid(), "");
  row_of_memory("keeper", keepers.front(), "256 KiB private dirty");
  std::ifstream children("/proc/" + std::to_string(keepers.front()) + "/task/" +
                         std::to_string(keepers.front()) + "/children");
  pid_t worker = 0;
  children >> worker;
  row_of_memory("worker", worker, "1 MiB private dirty");
  std::ofstream(quiet) << "go\n";
  job.join();
  support::HubProcess hub(fixture.directory.path());
  row_of_memory("idle hub", hub.program().pid(), "");
}

void measure_no_op() {
  Fixture fixture(1);
  NoOpTimes times;
  for (int i = 0; i < kRepeats; ++i) times.measure(fixture);
  times.print("");
}

void measure_throughput() {
  for (const int slots : {1, 8}) measure_throughput(slots);
}

/// All figures, or those that are named; with `against BUILD` those of two builds in turn.
int run(std::span<char*> names) {
  constexpr std::pair<std::string_view, void (*)()> kFigures[] = {
      {"no-op", measure_no_op}, {"throughput", measure_throughput}, {"cancel", measure_cancels},
      {"log", measure_logs},    {"memory", measure_memory},
  };
  row("figure", "minimum/best", "median", "aim");
  if (names.size() == 2 && std::string_view(names[0]) == "against") {
    compare_no_op(names[1]);
    return 0;
  }
  for (const auto& [name, measure] : kFigures) {
    if (names.empty() || std::ranges::find(names, name) != names.end()) measure();
  }
  return 0;
}

}  // namespace
}  // namespace ostler::bench

int main(int count, char** arguments) {
  return ostler::bench::run(std::span(arguments, static_cast<std::size_t>(count)).subspan(1));
}
