// SPDX-License-Identifier: Apache-2.0
#include "git/ssh_connection.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>

#include "git/ssh_failure.hpp"

namespace ostler::git {
namespace {

using namespace std::chrono_literals;

// How soon a watcher's wish to stop is seen where no signal interrupts the wait.
constexpr std::chrono::milliseconds kSshTick = 100ms;
// How long a program may take to end when nothing is left to say.
constexpr std::chrono::milliseconds kFarewell = 2s;
constexpr std::size_t kMostText = 8192;  // bytes

}  // namespace

Result<std::unique_ptr<SshConnection>> SshConnection::open(const std::string& url,
                                                           Watcher& watcher) {
  OSTLER_TRY(auto address, parse_ssh_address(url));
  OSTLER_TRY(auto command, ssh_command(address, ssh_settings_of_process()));
  OSTLER_TRY(auto child, spawn_piped(command.executable, command.arguments));
  return std::unique_ptr<SshConnection>(
      new SshConnection(std::move(address), std::move(command), std::move(child), watcher));
}

SshConnection::~SshConnection() {
  ssh_.to.reset();
  ssh_.from.reset();
  const auto deadline = std::chrono::steady_clock::now() + kFarewell;
  while (watcher_.keep_going() && std::chrono::steady_clock::now() < deadline) {
    take_text();
    if (ssh_.child.wait(kSshTick / 10)) return;
  }
  ssh_.child.signal_group(SIGKILL);
}

Result<void> SshConnection::await(int fd, short events) {
  for (;;) {
    if (!watcher_.keep_going()) return Error(Errc::Cancelled, "stopped");
    std::array<pollfd, 2> waiting{{{fd, events, 0}, {ssh_.errors.get(), POLLIN, 0}}};
    const int ready = ::poll(waiting.data(), waiting.size(), static_cast<int>(kSshTick.count()));
    if (ready < 0 && errno != EINTR) return Error::from_errno(errno, "wait for ssh");
    if (ready <= 0) continue;
    if (waiting[1].revents != 0) take_text();
    if (waiting[0].revents != 0) return success();
  }
}

void SshConnection::take_text() {
  std::array<char, 4096> buffer;
  while (ssh_.errors) {
    const ssize_t size = ::read(ssh_.errors.get(), buffer.data(), buffer.size());
    if (size < 0 && is_worth_waiting(errno)) return;
    if (size <= 0) return ssh_.errors.reset();
    const std::string_view came(buffer.data(), static_cast<std::size_t>(size));
    watcher_.on_connection_text(came);
    text_.append(came);
    if (text_.size() > kMostText) text_.erase(0, text_.size() - kMostText);
    if (came.size() < buffer.size()) return;
  }
}

Result<std::size_t> SshConnection::read(std::span<char> buffer) {
  for (;;) {
    OSTLER_TRY(await(ssh_.from.get(), POLLIN));
    const ssize_t size = ::read(ssh_.from.get(), buffer.data(), buffer.size());
    if (size > 0) return static_cast<std::size_t>(size);
    if (size < 0 && is_worth_waiting(errno)) continue;
    if (size < 0) return Error::from_errno(errno, "read from ssh");
    OSTLER_TRY(end());
    return 0;
  }
}

Result<void> SshConnection::write(std::string_view bytes) {
  while (!bytes.empty()) {
    OSTLER_TRY(await(ssh_.to.get(), POLLOUT));
    const ssize_t size = ::write(ssh_.to.get(), bytes.data(), bytes.size());
    if (size >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(size));
    } else if (!is_worth_waiting(errno)) {
      const int number = errno;
      OSTLER_TRY(end());
      return Error::from_errno(number, command_.name + " " + address_.destination + ": write");
    }
  }
  return success();
}

// The peer says no more: how the program ends tells why.
Result<void> SshConnection::end() {
  const auto deadline = std::chrono::steady_clock::now() + kFarewell;
  for (;;) {
    take_text();
    const auto ended = ssh_.child.wait(kSshTick / 10);
    if (ended) {
      take_text();
      if (ended.value() == process::ExitStatus(process::Exited{0})) return success();
      return ssh_failure(address_, command_, ended.value(), text_);
    }
    if (!watcher_.keep_going()) return Error(Errc::Cancelled, "stopped");
    if (std::chrono::steady_clock::now() < deadline) continue;
    return Error(Errc::Unavailable, command_.name + " " + address_.destination +
                                        ": the connection was cut, but the program goes on")
        .with_retryable(true);
  }
}

}  // namespace ostler::git
