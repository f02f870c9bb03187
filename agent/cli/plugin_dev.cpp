// SPDX-License-Identifier: Apache-2.0
// `ostler plugin dev`: build, check and run a plugin from its sources, again whenever they change.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <csignal>
#include <filesystem>

#include "base/unique_fd.hpp"
#include "cli/exit.hpp"
#include "cli/missing_tools.hpp"
#include "cli/options.hpp"
#include "cli/plugin_place.hpp"
#include "cli/run_functions.hpp"
#include "cli/source_watch.hpp"
#include "cli/stop_signals.hpp"
#include "console/plain_text.hpp"
#include "console/terminal.hpp"
#include "files/file.hpp"
#include "plugin_host/bundle.hpp"
#include "plugin_host/json_value.hpp"
#include "process/spawn.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

namespace {

constexpr const char* kPluginDevExamples =
    "Examples:\n"
    "  ostler plugin dev hello\n"
    "  ostler plugin dev hello --watch --config hello.json     again on every change; Ctrl-C "
    "ends\n";
constexpr milliseconds kStopGrace{10'000};
constexpr milliseconds kSettle{100};  // an editor writes several files
constexpr int kExitStopped = 130;
constexpr std::size_t kLongestLog = 1u << 20;

using Words = std::vector<std::string>;

struct DevOptions {
  std::string source;
  std::string config;
  std::string workspace = ".";
  bool watches = false;

  fs::path build() const { return fs::path(source) / "build"; }
};

enum class Woken { Ended, Changed, Stopped };

/// What a development loop waits for.
struct Waits {
  StopSignals& signals;
  SourceWatch* watch;  ///< null: changes do not matter

  /// Until the child has ended (null: there is none), a file has changed, or a signal came.
  Result<Woken> wait(const process::Child* child) const;
  Result<void> settle() const;
};

Result<Woken> Waits::wait(const process::Child* child) const {
  for (;;) {
    std::array<pollfd, 3> fds = {pollfd{signals.fd(), POLLIN, 0},
                                 pollfd{watch == nullptr ? -1 : watch->fd(), POLLIN, 0},
                                 pollfd{child == nullptr ? -1 : child->pidfd(), POLLIN, 0}};
    if (::poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) {
      return Error::from_errno(errno, "wait for a change");
    }
    if (fds[0].revents != 0 && signals.take()) return Woken::Stopped;
    if (fds[1].revents != 0) {
      OSTLER_TRY(const bool has_changed, watch->take());
      if (has_changed) return Woken::Changed;
    }
    if (fds[2].revents != 0) return Woken::Ended;
  }
}

/// Until nothing has changed for a moment.
Result<void> Waits::settle() const {
  for (pollfd changes{watch->fd(), POLLIN, 0}; ::poll(&changes, 1, kSettle.count()) > 0;) {
    OSTLER_TRY(watch->take());
  }
  return success();
}

/// `output`: where it writes; -1: where we do.
Result<process::Child> start_program(const Words& words, int output) {
  const char* path = std::getenv("PATH");
  process::SpawnOptions options;
  OSTLER_TRY(options.executable,
             process::find_executable(words.front(), path == nullptr ? "" : path));
  options.arguments = words;
  options.fds = {{output < 0 ? STDOUT_FILENO : output, STDOUT_FILENO},
                 {output < 0 ? STDERR_FILENO : output, STDERR_FILENO}};
  options.group = process::Group::NewGroup;
  options.parent_death_signal = SIGTERM;
  return process::spawn(options);
}

int status_of_end(const process::ExitStatus& end) {
  const auto* exited = std::get_if<process::Exited>(&end);
  return exited == nullptr ? kExitFailed : exited->code;
}

void stop(process::Child& child) {
  child.signal_group(SIGINT);
  if (!child.wait(kStopGrace)) child.signal_group(SIGKILL);
}

/// One program to its end, unless something else comes first.
Result<std::pair<Woken, int>> run_program(const Words& words, const Waits& waits, int output = -1) {
  OSTLER_TRY(process::Child child, start_program(words, output));
  OSTLER_TRY(const Woken woken, waits.wait(&child));
  if (woken != Woken::Ended) {
    stop(child);
    return std::pair(woken, kExitStopped);
  }
  OSTLER_TRY(const auto end, child.wait(kStopGrace));
  return std::pair(woken, status_of_end(end));
}

Result<std::string> id_in(const fs::path& manifest) {
  OSTLER_TRY(const std::string text, files::read_file(manifest, plugin_host::kLongestManifest));
  auto document = plugin_host::parse_json(text);
  if (!document) return std::move(document).error().with_context(manifest.string());
  const plugin_host::JsonValue* id = document.value().member("id");
  if (id != nullptr && !id->text.empty()) return id->text;
  return Error(Errc::UserFault, manifest.string() + ": id: is missing");
}

/// Prepares the build. What CMake says goes to a file; it is repeated where it is not for want of
/// something that can be named.
Result<std::pair<Woken, int>> configure(const DevOptions& options, const Waits& waits) {
  Words words = {"cmake", "-S", options.source, "-B", options.build(), "--log-level=WARNING"};
  const std::string prefix = sdk_prefix();
  if (!prefix.empty()) words.push_back("-DCMAKE_PREFIX_PATH=" + prefix);
  std::error_code error;
  fs::create_directory(options.build(), error);
  const fs::path log = options.build() / "configure.log";
  const UniqueFd output(::open(log.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644));
  if (!output) return Error::from_errno(errno, "write " + log.string());
  OSTLER_TRY(const auto end, run_program(words, waits, output.get()));
  if (end.first != Woken::Ended) return end;
  OSTLER_TRY(std::string said, files::read_file(log, kLongestLog));
  said.resize(said.find_last_not_of('\n') + 1);
  const std::string missing = end.second == 0 ? "" : missing_tools(said);
  if (!missing.empty()) {
    return Error(Errc::NotFound,
                 "plugin dev: " + missing + " (what CMake said: " + log.string() + ")");
  }
  if (end.second != 0 || said.find("Warning") != said.npos) remark(said);
  return end;
}

/// What is to be run then, in order, as the sources are now.
Result<std::vector<Words>> steps_of(const DevOptions& options) {
  const std::string build = options.build();
  std::vector<Words> steps;
  steps.push_back({"cmake", "--build", build});
  OSTLER_TRY(const std::string id, id_in(fs::path(options.source) / plugin_host::kManifestName));
  const std::string plugin = options.build() / id;
  OSTLER_TRY(const std::string self, own_program());
  steps.push_back({self, "plugin", "check", plugin});
  steps.push_back({self, "plugin", "run", plugin, "--workspace", options.workspace});
  if (!options.config.empty()) {
    steps.back().insert(steps.back().end(), {"--config", options.config});
  }
  return steps;
}

/// Until a step fails, all are done, or something else comes first.
Result<std::pair<Woken, int>> run_steps(const DevOptions& options, const Waits& waits) {
  OSTLER_TRY(const auto steps, steps_of(options));
  OSTLER_TRY(const auto configured, configure(options, waits));
  if (configured.first != Woken::Ended || configured.second != 0) return configured;
  for (const Words& words : steps) {
    OSTLER_TRY(const auto end, run_program(words, waits));
    if (end.first != Woken::Ended || end.second != 0) return end;
  }
  return std::pair(Woken::Ended, 0);
}

Result<int> watch_and_run(const DevOptions& options, StopSignals& signals) {
  OSTLER_TRY(SourceWatch watch, SourceWatch::begin(options.source, options.build()));
  const Waits waits{signals, &watch};
  auto terminal = console::Terminal::of_standard_output();
  for (;;) {
    const auto end = run_steps(options, waits);
    if (!end) terminal.print_line(console::plain_lines("Error: " + end.error().message()));
    Woken woken = end ? end.value().first : Woken::Ended;
    if (woken == Woken::Ended) {
      terminal.print_line(
          console::plain_line("waiting for a change in " + options.source + "; Ctrl-C ends"));
      OSTLER_TRY(woken, waits.wait(nullptr));
    }
    if (woken == Woken::Stopped) return kExitStopped;
    OSTLER_TRY(waits.settle());
    terminal.print_line("");
  }
}

Result<int> develop(const DevOptions& options) {
  OSTLER_TRY(StopSignals signals, StopSignals::block());
  if (options.watches) return watch_and_run(options, signals);
  OSTLER_TRY(const auto end, run_steps(options, {signals, nullptr}));
  return end.second;
}

}  // namespace

int run_plugin_dev(const Arguments& arguments) {
  DevOptions options;
  CLI::App app(
      "Builds, checks and runs a step plugin from its sources; ends with the exit status "
      "of what fails first",
      "plugin dev");
  app.add_option("SOURCE", options.source, "Directory as `plugin new` makes it; builds in build/")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_flag("--watch", options.watches, "Again on every change, until Ctrl-C (130)");
  app.add_option("--config", options.config, "File with the step's configuration as JSON");
  app.add_option("--workspace", options.workspace,
                 "The directory that stands for the checkout; without it this one");
  app.footer(kPluginDevExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto status = develop(options);
  return status ? status.value() : fail(status.error());
}

}  // namespace ostler::cli
