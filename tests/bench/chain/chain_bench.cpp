// SPDX-License-Identifier: Apache-2.0
// The chain of real processes (agent, keeper, worker, shell) against a hub in memory, and what each
// process costs. Prints rows of one table: figure, minimum, median, aim; of all
// figures, or of those that its arguments name (no-op, throughput, log, memory).
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
#include "bench/chain/bench_hub.hpp"
#include "bench/chain/process_memory.hpp"
#include "support/agent_process.hpp"
#include "support/child_program.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler::bench {
namespace {

using namespace std::chrono_literals;

constexpr int kRepeats = 300;
constexpr std::size_t kLogBytes = 256u << 20;

void row(const std::string& figure, const std::string& first, const std::string& second,
         const std::string& aim) {
  std::printf("%-58s %14s %14s   %s\n", figure.c_str(), first.c_str(), second.c_str(), aim.c_str());
  std::fflush(stdout);
}

std::string number(double value, const char* unit) {
  char text[64];
  std::snprintf(text, sizeof text, value < 10 ? "%.2f %s" : "%.0f %s", value, unit);
  return text;
}

void row_of_times(const std::string& figure, std::vector<double> millis, const std::string& aim) {
  std::sort(millis.begin(), millis.end());
  row(figure, number(millis.front(), "ms"), number(millis[millis.size() / 2], "ms"), aim);
}

/// An agent with `slots` on the bench hub, in directories of its own.
struct Fixture {
  explicit Fixture(int slots)
      : agent(hub.endpoint(), make_token(), directory.path(), {"--spawn", std::to_string(slots)}) {
    OSTLER_ASSERT(hub.await_idle(slots));
  }

  std::filesystem::path make_token() const {
    std::ofstream(directory / "token") << "bench\n";
    return directory / "token";
  }

  const support::TempDirectory directory;
  BenchHub hub;
  support::AgentProcess agent;
};

double millis_between(Moment from, Moment to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

/// What one no-op job and one that tells the time took.
struct NoOpTimes {
  std::vector<double> whole;
  std::vector<double> first_byte;

  void measure(Fixture& fixture);
  void print(const std::string& of) {
    row_of_times("no-op job, offer to finish answered" + of, whole, "3 ms");
    row_of_times("accept answered to the command's first byte" + of, first_byte, "");
  }
};

void NoOpTimes::measure(Fixture& fixture) {
  OSTLER_ASSERT(fixture.hub.await_idle(1));
  const auto no_op = fixture.hub.run({JobOrder{}}).front();
  OSTLER_ASSERT(no_op.exit_status == "0");
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

std::filesystem::path make_log(const std::filesystem::path& directory) {
  const auto path = directory / "log.txt";
  std::ofstream out(path, std::ios::binary);
  std::string line;
  for (std::size_t i = 0; static_cast<std::size_t>(out.tellp()) < kLogBytes; ++i) {
    line = "[" + std::to_string(i) + "] compiling src/module_" + std::to_string(i * 7919 % 10007) +
           ".cpp with flags -O2 -g -Wall -Wextra into build/obj\n";
    out << line;
  }
  return path;
}

double field(const std::string& log, const std::string& name) {
  const auto at = log.find(name + "=");
  return at == std::string::npos ? 0 : std::atof(log.c_str() + at + name.size() + 1);
}

void measure_log(Fixture& fixture, const std::filesystem::path& log, bool pty, int secrets) {
  JobOrder order;
  order.env["BUILDKITE_PTY"] = pty ? "true" : "false";
  order.env["BUILDKITE_COMMAND"] = "b=$EPOCHREALTIME; cat " + log.string() +
                                   "; e=$EPOCHREALTIME; echo \"took=$b $e\" > " +
                                   (fixture.directory / "took").string();
  for (int i = 0; i < secrets; ++i) {
    order.env["S" + std::to_string(i) + "_TOKEN"] = "secret-value-" + std::to_string(i * 104729);
  }
  std::vector<double> to_journal;
  std::vector<double> to_hub;
  for (int i = 0; i < 3; ++i) {
    OSTLER_ASSERT(fixture.hub.await_idle(1));
    const auto trace = fixture.hub.run({order}).front();
    std::ifstream took(fixture.directory / "took");
    std::string begin;
    double end = 0;
    took >> begin >> end;
    const double megabytes = static_cast<double>(kLogBytes) / 1e6;
    to_journal.push_back(megabytes / (end - field(begin, "took")));
    to_hub.push_back(megabytes / (millis_between(trace.offered, trace.finished) / 1e3));
  }
  const std::string name =
      std::string(pty ? "PTY" : "pipe") + ", " + std::to_string(secrets) + " secrets";
  std::sort(to_journal.rbegin(), to_journal.rend());
  std::sort(to_hub.rbegin(), to_hub.rend());
  row("log, command to journal: " + name, number(to_journal[0], "MB/s"),
      number(to_journal[1], "MB/s"), pty ? "75 MB/s (the kernel's limit)" : "200 MB/s");
  row("log, whole job until the hub has it: " + name, number(to_hub[0], "MB/s"),
      number(to_hub[1], "MB/s"), "");
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

void measure_logs() {
  Fixture fixture(1);
  const auto log = make_log(fixture.directory.path());
  for (const bool pty : {false, true}) {
    for (const int secrets : {0, 1000}) measure_log(fixture, log, pty, secrets);
  }
}

/// All figures, or those that are named; with `against BUILD` those of two builds in turn.
int run(std::span<char*> names) {
  constexpr std::pair<std::string_view, void (*)()> kFigures[] = {
      {"no-op", measure_no_op},
      {"throughput", measure_throughput},
      {"log", measure_logs},
      {"memory", measure_memory},
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
