// SPDX-License-Identifier: Apache-2.0
// A step plugin in its box beside a script that bash runs as it would a hook, and that does the
// same: from the start to its first line, lines per second, memory; and calls of progress per
// second, for which a script has no counterpart.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "plugin_host/box_run.hpp"
#include "plugin_host/sealed_copy.hpp"
#include "process/spawn.hpp"
#include "support/child_program.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"

namespace ostler::plugin_host {
namespace {

using Clock = std::chrono::steady_clock;

/// Kilobytes of one line of /proc/PID/smaps_rollup.
double kilobytes(const std::string& pid, const std::string& name) {
  std::ifstream in("/proc/" + pid + "/smaps_rollup");
  for (std::string word; in >> word;) {
    double value = 0;
    if (word == name + ":" && in >> value) return value;
  }
  return 0;
}

/// Notes when the first line came, and what the process had then.
class FirstLine final : public StepLog {
 public:
  explicit FirstLine(bool looks) : looks_(looks) {}
  void output(std::string_view) override {}
  void message(Severity, std::string_view text) override {
    if (lines++ > 0) return;
    came = Clock::now();
    if (looks_) private_kb = kilobytes(std::string(text), "Private_Dirty");
  }
  void group(GroupStyle, std::string_view) override {}
  void progress(const Progress&) override { ++reports; }
  void confined(const Confinement&) override {}
  boost::asio::awaitable<void> room() override { co_return; }

  Clock::time_point came;
  std::int64_t lines = 0;
  std::int64_t reports = 0;
  double private_kb = 0;

 private:
  bool looks_;
};

/// How often a step does what is measured.
struct Work {
  std::int64_t lines = 0;
  std::int64_t reports = 0;
};

JsonValue config_of(const Work& work) {
  return parse_json("{\"lines\": " + std::to_string(work.lines) +
                    ", \"reports\": " + std::to_string(work.reports) + "}")
      .value();
}

std::filesystem::path box_program() {
  return std::filesystem::path(support::host_program()).parent_path() / "ostler-box";
}

/// What the programs of a build need that only the environment can tell; says what is missing.
bool knows_the_build() {
  const char* build = std::getenv("OSTLER_BUILD_DIR");
  if (build == nullptr) {
    std::fputs(
        "bench_box: OSTLER_BUILD_DIR is not set: set it to the directory of the build, "
        "such as $PWD/build/release\n",
        stderr);
    return false;
  }
  if (std::filesystem::exists(box_program())) return true;
  std::fprintf(stderr, "bench_box: %s is not there: OSTLER_BUILD_DIR must name a built directory\n",
               box_program().c_str());
  return false;
}

void run_step(const Work& work, FirstLine& log) {
  const support::TempDirectory scratch;
  boost::asio::io_context context(1);
  StepServices services(config_of(work), {});
  BoxRun run(context.get_executor(), services, log);
  BoxSpec spec;
  spec.program = box_program();
  spec.code.push_back({"bench-step.so", std::move(sealed_copy(BENCH_STEP).value().fd)});
  spec.id = "bench-step";
  spec.version = "1.0.0";
  spec.directory = scratch.path();
  spec.paths = {{scratch.path(), "write"}};
  const auto verdict = support::run_task(context, run.run(std::move(spec)));
  if (!verdict || verdict.value().result.outcome != Outcome::Passed) std::abort();
}

/// A hook of bash that says its process and then lines; returns how many bytes it wrote.
std::size_t run_hook(const std::string& script, Clock::time_point& first, std::string& pid) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
  const UniqueFd readable(ends[0]);
  UniqueFd writable(ends[1]);
  auto child = process::spawn({.executable = "/bin/bash",
                               .arguments = {"bash", script},
                               .fds = {{writable.get(), STDOUT_FILENO}}});
  if (!child) std::abort();
  writable.reset();
  std::array<char, 64 << 10> piece{};
  std::size_t total = 0;
  for (;;) {
    const ssize_t size = ::read(readable.get(), piece.data(), piece.size());
    if (size <= 0) break;
    if (total == 0) {
      first = Clock::now();
      pid.assign(piece.data(), static_cast<std::size_t>(size));
      pid = pid.substr(0, pid.find('\n'));
    }
    total += static_cast<std::size_t>(size);
  }
  [[maybe_unused]] const auto ended = child.value().wait(std::chrono::seconds(60));
  return total;
}

std::string write_hook(const support::TempDirectory& directory, std::int64_t lines) {
  const std::string path = directory.path() / "command";
  std::ofstream(path) << "echo $$\nfor ((i = 0; i < " << lines
                      << "; ++i)); do echo 'a line such as a compiler writes, with a path and a "
                         "number of it: 42'; done\n";
  return path;
}

void BM_FirstLineOfAStep(benchmark::State& state) {
  for (auto _ : state) {
    FirstLine log(false);
    const auto begin = Clock::now();
    run_step({}, log);
    state.SetIterationTime(std::chrono::duration<double>(log.came - begin).count());
  }
}
BENCHMARK(BM_FirstLineOfAStep)->UseManualTime()->Unit(benchmark::kMillisecond);

void BM_FirstLineOfAHook(benchmark::State& state) {
  const support::TempDirectory directory;
  const std::string script = write_hook(directory, 0);
  for (auto _ : state) {
    Clock::time_point first;
    std::string pid;
    const auto begin = Clock::now();
    run_hook(script, first, pid);
    state.SetIterationTime(std::chrono::duration<double>(first - begin).count());
  }
}
BENCHMARK(BM_FirstLineOfAHook)->UseManualTime()->Unit(benchmark::kMillisecond);

void BM_LinesOfAStep(benchmark::State& state) {
  for (auto _ : state) {
    FirstLine log(false);
    run_step({.lines = state.range(0)}, log);
    if (log.lines != state.range(0) + 1) std::abort();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_LinesOfAStep)->Arg(100'000)->UseRealTime()->Unit(benchmark::kMillisecond);

void BM_ProgressOfAStep(benchmark::State& state) {
  for (auto _ : state) {
    FirstLine log(false);
    run_step({.reports = state.range(0)}, log);
    if (log.reports != state.range(0)) std::abort();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_ProgressOfAStep)->Arg(100'000)->UseRealTime()->Unit(benchmark::kMillisecond);

void BM_LinesOfAHook(benchmark::State& state) {
  const support::TempDirectory directory;
  const std::string script = write_hook(directory, state.range(0));
  for (auto _ : state) {
    Clock::time_point first;
    std::string pid;
    run_hook(script, first, pid);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_LinesOfAHook)->Arg(100'000)->UseRealTime()->Unit(benchmark::kMillisecond);

void BM_MemoryOfAStep(benchmark::State& state) {
  for (auto _ : state) {
    FirstLine log(true);
    run_step({.lines = 100'000}, log);  // so that it still runs when it is looked at
    state.counters["private_kb"] = log.private_kb;
  }
}
BENCHMARK(BM_MemoryOfAStep)->Iterations(1);

}  // namespace
}  // namespace ostler::plugin_host

int main(int count, char** arguments) {
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
  if (!ostler::plugin_host::knows_the_build()) return 2;
  benchmark::RunSpecifiedBenchmarks();
}
