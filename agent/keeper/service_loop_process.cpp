// SPDX-License-Identifier: Apache-2.0
// The processes of a service: how they start, what they print, and what follows on their end.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "keeper/service_loop.hpp"
#include "process/pipe.hpp"
#include "process/tree.hpp"

namespace ostler::keeper {
namespace {

using supervise::ServicePhase;
using supervise::ServiceRestart;

constexpr std::chrono::seconds kServiceTreeTime{5};
/// A process that lived this long counts as having worked.
constexpr std::chrono::seconds kWorked{60};
constexpr std::uint32_t kMostQuickEnds = 10;
constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::seconds kLongestPause{30};
constexpr int kListenerFd = 3;  // as systemd hands sockets over
constexpr std::size_t kMostReadAtOnce = 256u << 10;

std::string search_path_in(const std::vector<std::string>& environment) {
  constexpr std::string_view kName = "PATH=";
  for (const std::string& entry : environment) {
    if (entry.starts_with(kName)) return entry.substr(kName.size());
  }
  return {};
}

/// Programs take the first variable of a name, so one that was given would hide ours.
bool is_of_keeper(const std::string& entry) {
  constexpr std::string_view kNames[] = {"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES",
                                         "OSTLER_SERVICE_ID", "OSTLER_SERVICE_ADDRESS"};
  return std::ranges::find(kNames, std::string_view(entry).substr(0, entry.find('='))) !=
         std::end(kNames);
}

BootTime pause_after(std::uint32_t quick_ends) {
  const BootTime pause = kFirstPause * (1u << std::min(quick_ends, 16u));
  return std::min<BootTime>(pause, kLongestPause);
}

}  // namespace

process::SpawnOptions ServiceLoop::spawn_options() const {
  process::SpawnOptions options;
  options.arguments = spec_.arguments;
  options.environment = spec_.environment;
  auto& environment = *options.environment;
  std::erase_if(environment, is_of_keeper);
  environment.push_back("OSTLER_SERVICE_ID=" + spec_.id);
  if (!state_.address.empty()) environment.push_back("OSTLER_SERVICE_ADDRESS=" + state_.address);
  if (listener_) {
    environment.emplace_back("LISTEN_FDS=1");
    options.pid_variable = "LISTEN_PID";
    options.fds.push_back({listener_.get(), kListenerFd});
  }
  options.directory = spec_.directory;
  options.group = process::Group::NewSession;
  options.parent_death_signal = SIGKILL;
  if (group_) options.cgroup_fd = group_->fd();
  return options;
}

Result<void> ServiceLoop::start_process() {
  started_at_ = clock_->since_boot();
  auto options = spawn_options();
  OSTLER_TRY(options.executable,
             process::find_executable(spec_.arguments.front(), search_path_in(spec_.environment)));
  OSTLER_TRY(process::Pipe pipe, process::make_pipe(process::Ours::Reads));
  options.fds.push_back({pipe.theirs.get(), STDOUT_FILENO});
  options.fds.push_back({pipe.theirs.get(), STDERR_FILENO});
  OSTLER_TRY(child_, process::spawn(options));
  output_ = std::move(pipe.ours);
  state_.pid = child_->pid();
  next_due_.reset();
  probe_.begin(state_.address, started_at_);
  log_.say(clock_->now(), "started process " + std::to_string(state_.pid));
  enter(ServicePhase::Running, {});
  return success();
}

void ServiceLoop::read_output() {
  std::array<char, 16384> piece;
  for (std::size_t got_so_far = 0; output_ && got_so_far < kMostReadAtOnce;) {
    const ssize_t got = ::read(output_.get(), piece.data(), piece.size());
    if (got == 0) output_.reset();
    if (got <= 0) return;
    log_.add({piece.data(), static_cast<std::size_t>(got)});
    got_so_far += static_cast<std::size_t>(got);
  }
}

/// What the process has left behind ends with it.
void ServiceLoop::on_end(const process::ExitStatus& status) {
  child_->set_status(status);
  end_tree();
  const std::string how = "its process ended with " + process::describe(status);
  log_.say(clock_->now(), how);
  if (state_.phase == ServicePhase::Stopping) return enter(ServicePhase::Stopped, state_.evidence);
  const bool is_fine = status == process::ExitStatus(process::Exited{0});
  const bool restarts = spec_.restart == ServiceRestart::Always ||
                        (spec_.restart == ServiceRestart::OnFailure && !is_fine);
  if (!restarts) return enter(ServicePhase::Ended, how);
  restart_or_give_up(how);
}

void ServiceLoop::end_tree() {
  const auto tree = process::kill_descendants(group_ ? &*group_ : nullptr, kServiceTreeTime);
  for (const process::Reaped& ended : tree.reaped) {
    if (child_ && ended.pid == child_->pid()) child_->set_status(ended.status);
  }
  child_.reset();
  read_output();
  output_.reset();
  probe_.end();
  state_.pid = -1;
  if (group_) renew_group();
}

/// Some kernels go on killing what is born into a group that was killed once.
void ServiceLoop::renew_group() {
  const auto directory = group_->directory();
  if (!group_->remove()) return;
  auto group = process::Cgroup::create(directory);
  group_.reset();
  if (group) group_ = std::move(group).value();
}

void ServiceLoop::restart_or_give_up(const std::string& how) {
  const BootTime now = clock_->since_boot();
  quick_ends_ = now - started_at_ >= kWorked ? 0 : quick_ends_ + 1;
  if (quick_ends_ >= kMostQuickEnds) {
    return enter(ServicePhase::Failed,
                 how + ", " + std::to_string(quick_ends_) + " times in a row within a minute");
  }
  next_due_ = now + pause_after(quick_ends_);
  enter(ServicePhase::Restarting, how);
}

}  // namespace ostler::keeper
