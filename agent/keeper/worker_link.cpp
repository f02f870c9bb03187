// SPDX-License-Identifier: Apache-2.0
#include "keeper/worker_link.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "process/cgroup.hpp"

namespace ostler::keeper {
namespace {

constexpr std::size_t kMaxWords = 2048;
constexpr int kWorkerSocket = 3;

}  // namespace

Result<WorkerLink> WorkerLink::start(const std::function<int()>& worker_main,
                                     const process::Cgroup* group) {
  OSTLER_TRY(auto sockets, supervise::make_socket_pair());
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return Error::from_errno(errno, "make a pipe");
  UniqueFd errors(ends[0]);
  const UniqueFd errors_in(ends[1]);

  process::SpawnOptions options;
  // Also after an upgrade has replaced our file, it is the code that we were started with.
  options.function = worker_main;
  options.fds = {{errors_in.get(), STDERR_FILENO}, {sockets.second.get(), kWorkerSocket}};
  options.group = process::Group::NewGroup;
  options.parent_death_signal = SIGKILL;
  if (group != nullptr) options.cgroup_fd = group->fd();
  OSTLER_TRY(auto child, process::spawn(options));
  return WorkerLink(std::move(child), std::move(sockets.first), std::move(errors));
}

void WorkerLink::watch(std::vector<pollfd>& fds, bool may_read) const {
  const bool reads = may_read && !is_broken_;
  const int events = (reads ? POLLIN : 0) | (queue_.empty() ? 0 : POLLOUT);
  if (events != 0) fds.push_back({socket_.get(), static_cast<short>(events), 0});
  if (errors_) fds.push_back({errors_.get(), POLLIN, 0});
}

void WorkerLink::flush() {
  if (!is_broken_ && !queue_.flush(socket_.get())) is_broken_ = true;
}

void WorkerLink::send(std::string frame) {
  if (is_broken_) return;
  queue_.push(std::move(frame));
  flush();
}

void WorkerLink::read_errors() {
  std::array<char, 1024> piece;
  for (;;) {
    const ssize_t got = ::read(errors_.get(), piece.data(), piece.size());
    if (got < 0) return;
    if (got == 0) return errors_.reset();
    words_.append(piece.data(), static_cast<std::size_t>(got));
    if (words_.size() > kMaxWords) words_.erase(0, words_.size() - kMaxWords);
  }
}

std::string WorkerLink::last_words() const {
  std::string words = words_;
  while (!words.empty() && words.back() == '\n') words.pop_back();
  for (char& letter : words) {
    if (static_cast<unsigned char>(letter) < ' ') letter = ' ';
  }
  return words;
}

void WorkerLink::set_status(const process::ExitStatus& status) {
  child_.set_status(status);
  status_ = status;
}

}  // namespace ostler::keeper
