// SPDX-License-Identifier: Apache-2.0
#include "bench/chain/log_bench.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "bench/chain/fixture.hpp"
#include "bench/chain/process_memory.hpp"
#include "bench/chain/table.hpp"
#include "process/pty.hpp"
#include "process/spawn.hpp"

namespace ostler::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLogBytes = 256u << 20;
constexpr double kMegabytes = static_cast<double>(kLogBytes) / 1e6;
constexpr int kRuns = 3;

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

/// Best and median of the runs.
void row_of_rates(const std::string& figure, std::vector<double> rates, const std::string& aim) {
  std::sort(rates.rbegin(), rates.rend());
  row(figure, number(rates[0], "MB/s"), number(rates[rates.size() / 2], "MB/s"), aim);
}

/// Prints the log, and leaves in `took` the seconds that this took and the CPU time, in clock
/// ticks, that the worker and its keeper used for it.
std::string timed_command(const std::filesystem::path& log, const std::filesystem::path& took) {
  return "ticks() { read -ra w < /proc/$PPID/stat; read -ra k < /proc/${w[3]}/stat; "
         "echo $((w[13] + w[14] + k[13] + k[14])); }; "
         "c=$(ticks); b=$EPOCHREALTIME; cat " +
         log.string() + "; e=$EPOCHREALTIME; echo \"$b $e $c $(ticks)\" > " + took.string();
}

/// Seconds of CPU that a process has used.
double cpu_of(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string word;
  for (int i = 0; i < 13; ++i) stat >> word;
  double user = 0;
  double system = 0;
  stat >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

struct LogRates {
  std::vector<double> to_journal;
  std::vector<double> to_hub;
  std::vector<double> per_core_to_journal;
  std::vector<double> per_core_to_hub;

  void measure(Fixture& fixture, const JobOrder& order);
};

void LogRates::measure(Fixture& fixture, const JobOrder& order) {
  OSTLER_ASSERT(fixture.hub.await_idle(1));
  const double agent_before = cpu_of(fixture.agent.program().pid());
  const auto trace = fixture.hub.run({order}).front();
  const double agent_used = cpu_of(fixture.agent.program().pid()) - agent_before;
  std::ifstream took(fixture.directory / "took");
  double begin = 0;
  double end = 0;
  double ticks_before = 0;
  double ticks = 0;
  took >> begin >> end >> ticks_before >> ticks;
  const double used = (ticks - ticks_before) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  to_journal.push_back(kMegabytes / (end - begin));
  per_core_to_journal.push_back(kMegabytes / used);
  const std::chrono::duration<double> whole = trace.finished - trace.offered;
  to_hub.push_back(kMegabytes / whole.count());
  per_core_to_hub.push_back(kMegabytes / agent_used);
}

void measure_log(Fixture& fixture, const std::filesystem::path& log, bool pty, int secrets) {
  JobOrder order;
  order.env["BUILDKITE_PTY"] = pty ? "true" : "false";
  order.env["BUILDKITE_COMMAND"] = timed_command(log, fixture.directory / "took");
  for (int i = 0; i < secrets; ++i) {
    order.env["S" + std::to_string(i) + "_TOKEN"] = "secret-value-" + std::to_string(i * 104729);
  }
  LogRates rates;
  for (int i = 0; i < kRuns; ++i) rates.measure(fixture, order);
  const std::string name =
      std::string(pty ? "PTY" : "pipe") + ", " + std::to_string(secrets) + " secrets";
  row_of_rates("log, command to journal: " + name, rates.to_journal, "");
  row_of_rates("  for one core of worker and keeper", rates.per_core_to_journal,
               pty ? "75 MB/s" : "200 MB/s");
  row_of_rates("log, whole job until the hub has it: " + name, rates.to_hub, "");
  row_of_rates("  for one core of the agent", rates.per_core_to_hub, "200 MB/s");
}

/// One `cat` into a terminal whose reader drops everything.
double rate_of_terminal(const std::filesystem::path& log) {
  auto pty = process::open_pty().value();
  process::SpawnOptions options{.executable = "/bin/cat", .arguments = {"cat", log.string()}};
  options.fds = {{pty.terminal.get(), 0}, {pty.terminal.get(), 1}};
  options.group = process::Group::NewTerminal;
  const auto begin = Clock::now();
  auto child = process::spawn(options).value();
  pty.terminal.reset();
  std::vector<char> bytes(64 << 10);
  for (pollfd ready{pty.controller.get(), POLLIN, 0}; ::poll(&ready, 1, -1) > 0;) {
    const ssize_t got = ::read(pty.controller.get(), bytes.data(), bytes.size());
    if (got == 0 || (got < 0 && errno != EAGAIN)) break;
  }
  return kMegabytes / std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

void measure_logs() {
  Fixture fixture(1);
  const auto log = make_log(fixture.directory.path());
  std::vector<double> terminal;
  for (int i = 0; i < kRuns; ++i) terminal.push_back(rate_of_terminal(log));
  row_of_rates("the kernel's terminal alone, its reader drops everything", terminal, "");
  for (const bool pty : {true, false}) {
    for (const int secrets : {0, 1000}) measure_log(fixture, log, pty, secrets);
  }
}

}  // namespace ostler::bench
