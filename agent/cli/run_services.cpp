// SPDX-License-Identifier: Apache-2.0
#include "cli/run_services.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "base/clock.hpp"
#include "cli/person_directories.hpp"
#include "cli/plugin_place.hpp"
#include "cli/service_process.hpp"
#include "config/agent_config.hpp"
#include "plugin_host/host_directory.hpp"
#include "process/stray.hpp"
#include "supervise/lost_keeper.hpp"

namespace ostler::cli {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kDrainTime = 5s;
constexpr auto kCancelTime = 20s;
/// Makes an agent cancel its jobs and end.
constexpr int kCancelJobs = SIGQUIT;

std::string run_variable(const RunDirectory& directory) {
  return std::string(kRunDirectoryVariable) + "=" + directory.path().string();
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

Result<std::unique_ptr<RunServices>> RunServices::start(const RunDirectory& directory,
                                                        const fs::path& repository) {
  std::unique_ptr<RunServices> services(new RunServices(directory));
  OSTLER_TRY(services->start_hub());
  OSTLER_TRY(services->start_agent(repository));
  return services;
}

RunServices::~RunServices() { stop(); }

Result<void> RunServices::start_hub() {
  OSTLER_TRY(const UniqueFd errors, open_log(directory_.hub_log()));
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return Error::from_errno(errno, "pipe");
  hub_output_.reset(pipe[0]);
  UniqueFd output(pipe[1]);
  OSTLER_TRY(auto hub, start_service({.words = {"hub", "--listen", "127.0.0.1:0", "--data-path",
                                                directory_.hub_data()},
                                      .variables = {run_variable(directory_)},
                                      .directory = directory_.path(),
                                      .output = output.get(),
                                      .errors = errors.get(),
                                      .parent_death_signal = SIGTERM}));
  hub_ = std::move(hub);
  output.reset();
  auto url = read_listening_url(hub_output_.get());
  if (!url) {
    return Error(url.error().code(),
                 url.error().message() + ": " + last_words(directory_.hub_log()));
  }
  url_ = std::move(url).value();
  OSTLER_TRY(auto token, read_line_of(directory_.hub_data() / "api-token"));
  api_token_ = Secret(std::move(token));
  return success();
}

Result<void> RunServices::start_agent(const fs::path& repository) {
  OSTLER_TRY(const UniqueFd log, open_log(directory_.agent_log()));
  const unsigned slots = std::max(1u, std::thread::hardware_concurrency());
  const std::string endpoint = url_ + "/v3";
  std::error_code ec;
  const std::string run_repository = std::string(plugin_host::kRunRepositoryVariable) + "=" +
                                     endpoint + " " + fs::weakly_canonical(repository, ec).string();
  ServiceStart start{
      .words = {"agent", "start", "--endpoint", endpoint, "--token",
                "file://" + (directory_.hub_data() / "agent-token").string(), "--state-path",
                directory_.agent_state(), "--plugin-files", state_home() / config::kPluginFilesName,
                "--build-path", directory_.builds(), "--git-mirrors-path", directory_.mirrors(),
                "--name", "local-%spawn", "--spawn", std::to_string(slots)},
      .variables = {run_variable(directory_), run_repository},
      .directory = directory_.path(),
      .output = log.get(),
      .errors = log.get(),
      .parent_death_signal = kCancelJobs};
  for (std::string& word : plugin_store_flag()) start.words.push_back(std::move(word));
  OSTLER_TRY(auto agent, start_service(start));
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
