// SPDX-License-Identifier: Apache-2.0
#include "keeper/service_loop.hpp"

#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "files/file.hpp"
#include "journal/segment.hpp"
#include "process/tree.hpp"
#include "supervise/service_address.hpp"

namespace ostler::keeper {
namespace {

using supervise::ServicePhase;

constexpr std::chrono::seconds kListenerTime{30};
constexpr std::chrono::seconds kStopTime{10};
constexpr std::chrono::hours kPromotedWithin{1};
constexpr std::chrono::seconds kWriteAgain{1};

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
  state_.since = clock_->now();
}

Result<void> ServiceLoop::begin() {
  promoted_by_ = clock_->since_boot() + kPromotedWithin;
  if (spec_.takes_listener) next_due_ = clock_->since_boot() + kListenerTime;
  // Written before anything runs: what nobody could find, nobody could end.
  const auto boot_id = journal::current_boot_id();
  if (boot_id) state_.boot_id = boot_id.value().str();
  auto begun = boot_id ? write_state() : Result<void>(boot_id.error());
  if (begun && !spec_.takes_listener) begun = start_process();
  if (!begun) {
    enter(ServicePhase::Failed, begun.error().message());
    end();
  }
  return begun;
}

void ServiceLoop::run() {
  while (!is_over(state_.phase)) serve_once();
  end();
}

void ServiceLoop::end() {
  end_tree();
  if (group_) (void)group_->remove();
  ::unlink(spec_.socket.c_str());
  if (write_again_) (void)write_state();
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
  return earlier(earlier(earlier(next_due_, promoted_by_), write_again_),
                 earlier(door_.next(), probe_.next()));
}

std::string ServiceLoop::on_word(std::string_view word, UniqueFd handed) {
  if (word == "listen") return take_listener(std::move(handed));
  if (is_over(state_.phase) || state_.phase == ServicePhase::Stopping) {
    return word == "stop" ? "" : "it is " + std::string(to_string(state_.phase));
  }
  if (word == "stop") return stop("somebody stopped it"), std::string();
  return word == "promote" ? promote() : "no such word";
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

/// Only what is written down is promoted: others read there which of a name to stop.
std::string ServiceLoop::promote() {
  if (state_.phase == ServicePhase::Waiting) return "it waits for its listener";
  const auto before = state_;
  state_.is_promoted = true;
  state_.promoted_at = clock_->now();
  const auto written = write_state();
  if (!written) {
    state_ = before;
    return "it cannot be written down: " + written.error().message();
  }
  promoted_by_.reset();
  log_.say(clock_->now(), "promoted");
  return {};
}

/// The process has its time to end; what is left then is killed.
void ServiceLoop::stop(std::string why) {
  promoted_by_.reset();
  if (!child_) return enter(ServicePhase::Stopped, std::move(why));
  next_due_ = clock_->since_boot() + kStopTime;
  enter(ServicePhase::Stopping, std::move(why));
  child_->signal_group(SIGTERM);
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

void ServiceLoop::advance() {
  const BootTime now = clock_->since_boot();
  if (write_again_ && now >= *write_again_) (void)write_state();
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

/// A full disk costs what is said of it meanwhile, never the service: it is tried again.
Result<void> ServiceLoop::write_state() {
  state_.health = probe_.health();
  auto written = files::write_file_atomically(directory_ / "state", encode(state_));
  write_again_.reset();
  if (!written) write_again_ = clock_->since_boot() + kWriteAgain;
  return written;
}

}  // namespace ostler::keeper
