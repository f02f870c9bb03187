// SPDX-License-Identifier: Apache-2.0
#include "keeper/service_loop.hpp"

#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "files/file.hpp"
#include "journal/segment.hpp"
#include "process/pipe.hpp"
#include "process/tree.hpp"
#include "supervise/service_address.hpp"

namespace ostler::keeper {
namespace {

using supervise::ServicePhase;
using supervise::ServiceRestart;

constexpr std::chrono::seconds kListenerTime{30};
constexpr std::chrono::seconds kStopTime{10};
constexpr std::chrono::seconds kServiceTreeTime{5};
constexpr std::chrono::hours kPromotedWithin{1};
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

BootTime pause_after(std::uint32_t quick_ends) {
  const BootTime pause = kFirstPause * (1u << std::min(quick_ends, 16u));
  return std::min<BootTime>(pause, kLongestPause);
}

bool is_listening(int socket) {
  int listens = 0;
  socklen_t size = sizeof listens;
  return ::getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens != 0;
}

std::optional<BootTime> earlier(std::optional<BootTime> a, std::optional<BootTime> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

ServiceLoop::ServiceLoop(ServiceParts parts, const Clock& clock)
    : directory_(std::move(parts.directory)),
      spec_(std::move(parts.spec)),
      clock_(&clock),
      group_(std::move(parts.group)),
      signals_(std::move(parts.signals)),
      timer_(std::move(parts.timer)),
      door_(std::move(parts.listening), *this),
      log_(std::move(parts.log)),
      probe_(spec_) {
  state_.address = spec_.address;
  state_.boot_id = journal::current_boot_id().str();
  state_.since = clock_->now();
}

Result<void> ServiceLoop::begin() {
  promoted_by_ = clock_->since_boot() + kPromotedWithin;
  if (!spec_.takes_listener) return start_process();
  next_due_ = clock_->since_boot() + kListenerTime;
  return write_state();
}

void ServiceLoop::run() {
  while (!is_over(state_.phase)) serve_once();
  end_tree();
  if (group_) (void)group_->remove();
  ::unlink(spec_.socket.c_str());
}

void ServiceLoop::serve_once() {
  timer_.set(next_deadline());
  fds_ = {{signals_.get(), POLLIN, 0}, {timer_.fd(), POLLIN, 0}};
  if (output_) fds_.push_back({output_.get(), POLLIN, 0});
  door_.watch(fds_);
  probe_.watch(fds_);
  ::poll(fds_.data(), fds_.size(), -1);
  timer_.clear();
  read_output();
  const auto health = probe_.health();
  probe_.serve(fds_, clock_->since_boot());
  probe_.advance(clock_->since_boot());
  if (probe_.health() != health) (void)write_state();
  serve_signals();
  door_.serve(fds_, clock_->since_boot());
  door_.advance(clock_->since_boot());
  advance();
}

std::optional<BootTime> ServiceLoop::next_deadline() const {
  return earlier(earlier(next_due_, promoted_by_), earlier(door_.next(), probe_.next()));
}

std::string ServiceLoop::on_word(std::string_view word, UniqueFd handed) {
  if (word == "listen") return take_listener(std::move(handed));
  if (is_over(state_.phase) || state_.phase == ServicePhase::Stopping) {
    return word == "stop" ? "" : "it is " + std::string(to_string(state_.phase));
  }
  if (word == "stop") return stop("somebody stopped it"), std::string();
  if (word != "promote") return "no such word";
  promote();
  return {};
}

std::string ServiceLoop::take_listener(UniqueFd handed) {
  if (state_.phase != ServicePhase::Waiting) return "it waits for no listener";
  const std::string address = handed ? supervise::service_address_of(handed.get()) : "";
  if (address.empty() || !is_listening(handed.get())) {
    return "this is no listening TCP socket of this machine alone";
  }
  listener_ = std::move(handed);
  state_.address = address;
  const auto started = start_process();
  if (started) return {};
  enter(ServicePhase::Failed, started.error().message());
  return started.error().message();
}

void ServiceLoop::promote() {
  promoted_by_.reset();
  state_.is_promoted = true;
  state_.promoted_at = clock_->now();
  log_.say(clock_->now(), "promoted");
  (void)write_state();
}

/// The process has its time to end; what is left then is killed.
void ServiceLoop::stop(std::string why) {
  promoted_by_.reset();
  if (!child_) return enter(ServicePhase::Stopped, std::move(why));
  next_due_ = clock_->since_boot() + kStopTime;
  enter(ServicePhase::Stopping, std::move(why));
  child_->signal_group(SIGTERM);
}

process::SpawnOptions ServiceLoop::spawn_options() const {
  process::SpawnOptions options;
  options.arguments = spec_.arguments;
  options.environment = spec_.environment;
  auto& environment = *options.environment;
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

void ServiceLoop::serve_signals() {
  signalfd_siginfo info{};
  bool has_stop = false;
  while (::read(signals_.get(), &info, sizeof info) == sizeof info) {
    has_stop = has_stop || info.ssi_signo == SIGTERM;
  }
  for (const process::Reaped& ended : process::reap_ended()) {
    if (child_ && ended.pid == child_->pid()) on_end(ended.status);
  }
  const bool lives = !is_over(state_.phase) && state_.phase != ServicePhase::Stopping;
  if (has_stop && lives) stop("the machine, or somebody, ended its keeper");
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
  read_output();
  output_.reset();
  probe_.end();
  state_.pid = -1;
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

void ServiceLoop::advance() {
  const BootTime now = clock_->since_boot();
  if (promoted_by_ && now >= *promoted_by_) stop("nobody promoted it within an hour");
  if (!next_due_ || now < *next_due_) return;
  next_due_.reset();
  if (state_.phase == ServicePhase::Waiting) {
    return enter(ServicePhase::Failed, "its listener was not handed over in time");
  }
  if (state_.phase == ServicePhase::Stopping) {
    log_.say(clock_->now(), "it did not end in time and is killed");
    end_tree();
    return enter(ServicePhase::Stopped, state_.evidence + "; it was killed");
  }
  if (state_.phase != ServicePhase::Restarting) return;
  ++state_.restarts;
  const auto started = start_process();
  if (!started) restart_or_give_up(started.error().message());
}

void ServiceLoop::enter(ServicePhase phase, std::string evidence) {
  state_.phase = phase;
  state_.evidence = std::move(evidence);
  state_.since = clock_->now();
  if (is_over(phase))
    log_.say(clock_->now(), std::string(to_string(phase)) + ": " + state_.evidence);
  (void)write_state();
}

/// A full disk costs what is said of it meanwhile, never the service.
Result<void> ServiceLoop::write_state() {
  state_.health = probe_.health();
  return files::write_file_atomically(directory_ / "state", encode(state_));
}

}  // namespace ostler::keeper
