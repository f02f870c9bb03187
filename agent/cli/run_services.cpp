// SPDX-License-Identifier: Apache-2.0
#include "cli/run_services.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string_view>
#include <thread>
#include <utility>

#include "base/clock.hpp"
#include "files/file.hpp"
#include "process/stray.hpp"
#include "supervise/lost_keeper.hpp"

extern char** environ;

namespace ostler::cli {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kStartTime = 20s;
constexpr auto kDrainTime = 5s;
constexpr auto kCancelTime = 20s;
/// Makes an agent cancel its jobs and end.
constexpr int kCancelJobs = SIGQUIT;
constexpr std::string_view kListening = "listening on ";
constexpr std::string_view kRunVariable = "OSTLER_RUN_DIRECTORY=";

/// What a surrounding job, git hook or make says to its children is not meant for our jobs.
bool is_inherited(std::string_view variable) {
  for (const std::string_view prefix :
       {"BUILDKITE", "OSTLER_", "GIT_DIR=", "GIT_WORK_TREE=", "GIT_INDEX_FILE=", "GIT_PREFIX=",
        "GIT_COMMON_DIR=", "GIT_OBJECT_DIRECTORY=", "GIT_ALTERNATE_OBJECT_DIRECTORIES=",
        "MAKEFLAGS=", "MAKELEVEL=", "MFLAGS="}) {
    if (variable.starts_with(prefix)) return false;
  }
  return true;
}

std::string run_variable(const RunDirectory& directory) {
  return std::string(kRunVariable) + directory.path().string();
}

std::vector<std::string> environment_for(const RunDirectory& directory) {
  std::vector<std::string> variables{run_variable(directory)};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (is_inherited(*variable)) variables.emplace_back(*variable);
  }
  return variables;
}

Result<UniqueFd> open_log(const fs::path& path) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!fd) return Error::from_errno(errno, "open " + path.string());
  return fd;
}

/// How a service is tied to us.
struct Standing {
  int output = -1;
  int errors = -1;
  int parent_death_signal = 0;
};

/// Starts this program again with other words, away from the terminal's signals.
Result<process::Child> start_self(const RunDirectory& directory, std::vector<std::string> words,
                                  const Standing& standing) {
  std::error_code ec;
  const fs::path self = fs::read_symlink("/proc/self/exe", ec);
  if (ec) return Error::from_errno(ec.value(), "read /proc/self/exe");
  words.insert(words.begin(), "ostler");
  process::SpawnOptions options;
  options.executable = self;
  options.arguments = std::move(words);
  options.environment = environment_for(directory);
  options.directory = directory.path();
  options.fds = {{standing.output, STDOUT_FILENO}, {standing.errors, STDERR_FILENO}};
  options.group = process::Group::NewSession;
  options.parent_death_signal = standing.parent_death_signal;
  return process::spawn(options);
}

/// The last line that a program wrote to its log, for an error.
std::string last_words(const fs::path& log) {
  auto content = files::read_file(log);
  if (!content) return "it said nothing";
  std::string text = content.value().substr(0, content.value().find_last_not_of('\n') + 1);
  const auto end_of_line = text.rfind('\n');
  if (end_of_line != text.npos) text.erase(0, end_of_line + 1);
  return text.empty() ? "it said nothing" : text;
}

/// What killed keepers could not do any more: their jobs' control groups go.
void conclude_jobs(const fs::path& agent_state) {
  std::error_code ec;
  for (const auto& job : fs::directory_iterator(agent_state / "jobs", ec)) {
    static_cast<void>(supervise::conclude_lost_keeper(job.path(), SystemClock(),
                                                      {.job_id = job.path().filename()}));
  }
}

void end(process::Child& child, int polite_signal, std::chrono::milliseconds limit) {
  child.signal(polite_signal);
  if (child.wait(limit)) return;
  child.signal(SIGKILL);
  static_cast<void>(child.wait(kDrainTime));
}

}  // namespace

Result<std::unique_ptr<RunServices>> RunServices::start(const RunDirectory& directory) {
  std::unique_ptr<RunServices> services(new RunServices(directory));
  OSTLER_TRY(services->start_hub());
  OSTLER_TRY(services->start_agent());
  return services;
}

RunServices::~RunServices() { stop(); }

Result<void> RunServices::start_hub() {
  OSTLER_TRY(const UniqueFd errors, open_log(directory_.hub_log()));
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return Error::from_errno(errno, "pipe");
  hub_output_.reset(pipe[0]);
  UniqueFd output(pipe[1]);
  OSTLER_TRY(auto hub,
             start_self(directory_,
                        {"hub", "--listen", "127.0.0.1:0", "--data-path", directory_.hub_data()},
                        {output.get(), errors.get(), SIGTERM}));
  hub_ = std::move(hub);
  output.reset();
  OSTLER_TRY(url_, read_url(hub_output_.get()));
  OSTLER_TRY(auto token, files::read_file(directory_.hub_data() / "api-token"));
  api_token_ = Secret(token.substr(0, token.find('\n')));
  return success();
}

/// Reads up to the line on which the hub says where it listens.
Result<std::string> RunServices::read_url(int standard_output) {
  const auto deadline = std::chrono::steady_clock::now() + kStartTime;
  std::string said;
  while (said.find('\n') == said.npos) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd readable{standard_output, POLLIN, 0};
    const int ready = left.count() <= 0 ? 0 : ::poll(&readable, 1, static_cast<int>(left.count()));
    std::array<char, 1024> bytes{};
    const ssize_t count = ready <= 0 ? 0 : ::read(standard_output, bytes.data(), bytes.size());
    if (count <= 0) {
      return Error(Errc::Unavailable, "the hub did not start: " + last_words(directory_.hub_log()));
    }
    said.append(bytes.data(), static_cast<std::size_t>(count));
  }
  const auto start = said.find(kListening);
  if (start == said.npos) return Error(Errc::Protocol, "the hub did not say where it listens");
  const auto first = start + kListening.size();
  return said.substr(first, said.find('\n', first) - first);
}

Result<void> RunServices::start_agent() {
  OSTLER_TRY(const UniqueFd log, open_log(directory_.agent_log()));
  const unsigned slots = std::max(1u, std::thread::hardware_concurrency());
  OSTLER_TRY(auto agent,
             start_self(directory_,
                        {"agent", "start", "--endpoint", url_ + "/v3", "--token",
                         "file://" + (directory_.hub_data() / "agent-token").string(),
                         "--state-path", directory_.agent_state(), "--build-path",
                         directory_.builds(), "--git-mirrors-path", directory_.mirrors(), "--name",
                         "local-%spawn", "--spawn", std::to_string(slots)},
                        {log.get(), log.get(), kCancelJobs}));
  agent_ = std::move(agent);
  return success();
}

std::optional<Error> RunServices::fault() {
  const std::pair<process::Child*, fs::path> services[] = {{&*hub_, directory_.hub_log()},
                                                           {&*agent_, directory_.agent_log()}};
  for (const auto& [child, log] : services) {
    const auto status = child->try_wait();
    if (!status) continue;
    return Error(Errc::Unavailable, std::string(child == &*hub_ ? "the hub" : "the agent") +
                                        " ended (" + process::describe(*status) +
                                        "): " + last_words(log));
  }
  return std::nullopt;
}

void RunServices::stop() { stop_after(kCancelTime); }

void RunServices::stop_now() { stop_after(0ms); }

void RunServices::stop_after(std::chrono::milliseconds cancel_time) {
  if (agent_) end(*agent_, kCancelJobs, cancel_time);
  agent_.reset();
  if (hub_) end(*hub_, SIGTERM, kDrainTime);
  hub_.reset();
  static_cast<void>(process::kill_strays(run_variable(directory_), kDrainTime));
  conclude_jobs(directory_.agent_state());
}

}  // namespace ostler::cli
