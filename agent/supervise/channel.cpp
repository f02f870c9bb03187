// SPDX-License-Identifier: Apache-2.0
#include "supervise/channel.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ostler::supervise {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
constexpr int kBacklog = 8;

/// Waits until the socket is ready for `events`. Errors: Timeout.
Result<void> wait_for(int fd, short events, SteadyTime deadline) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd entry{fd, events, 0};
    const int ready =
        ::poll(&entry, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000)));
    if (ready > 0) return success();
    if (ready < 0 && errno != EINTR) return Error::from_errno(errno, "wait for the peer process");
    if (ready == 0 && left.count() <= 0) {
      return Error(Errc::Timeout, "the peer process did not answer in time");
    }
  }
}

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& name = path.native();
  if (name.size() >= sizeof address.sun_path) {
    return Error(Errc::UserFault, "the socket path " + name + " is longer than " +
                                      std::to_string(sizeof address.sun_path - 1) +
                                      " bytes; choose a shorter state or runtime directory");
  }
  std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
  return address;
}

Result<UniqueFd> make_socket() {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return Error::from_errno(errno, "make a socket");
  return fd;
}

}  // namespace

void SendQueue::push(std::string frame) {
  size_ += frame.size();
  frames_.push_back(std::move(frame));
}

Result<void> SendQueue::flush(int fd) {
  while (!frames_.empty()) {
    const std::string_view rest = std::string_view(frames_.front()).substr(sent_of_first_);
    const ssize_t sent = ::send(fd, rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) return success();
    if (sent < 0) return Error::from_errno(errno, "send to the peer process");
    size_ -= static_cast<std::size_t>(sent);
    sent_of_first_ += static_cast<std::size_t>(sent);
    if (sent_of_first_ < frames_.front().size()) continue;
    frames_.pop_front();
    sent_of_first_ = 0;
  }
  return success();
}

Result<void> Channel::send_frame(std::string frame, std::chrono::milliseconds timeout) {
  const SteadyTime deadline = std::chrono::steady_clock::now() + timeout;
  SendQueue queue;
  queue.push(std::move(frame));
  for (;;) {
    OSTLER_TRY(queue.flush(fd()));
    if (queue.empty()) return success();
    OSTLER_TRY(wait_for(fd(), POLLOUT, deadline));
  }
}

Result<Frame> Channel::receive(std::chrono::milliseconds timeout) {
  const SteadyTime deadline = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    OSTLER_TRY(const auto frame, reader_.next());
    if (frame) return *frame;
    OSTLER_TRY(wait_for(fd(), POLLIN, deadline));
    OSTLER_TRY(const auto filled, reader_.fill(fd()));
    if (filled == FrameReader::Fill::End) {
      return Error(Errc::Unavailable, "the peer process closed the connection");
    }
  }
}

Result<std::pair<UniqueFd, UniqueFd>> make_socket_pair() {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0) {
    return Error::from_errno(errno, "make a pair of sockets");
  }
  return std::pair(UniqueFd(fds[0]), UniqueFd(fds[1]));
}

Result<UniqueFd> listen_at(const std::filesystem::path& path) {
  OSTLER_TRY(const auto address, address_of(path));
  OSTLER_TRY(auto fd, make_socket());
  ::unlink(path.c_str());
  // The mode of the socket file comes from the descriptor's own mode, so nobody else can connect
  // between bind and chmod.
  if (::fchmod(fd.get(), 0600) != 0 ||
      ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd.get(), kBacklog) != 0) {
    return Error::from_errno(errno, "listen on " + path.string());
  }
  return fd;
}

Result<UniqueFd> connect_to(const std::filesystem::path& path) {
  OSTLER_TRY(const auto address, address_of(path));
  OSTLER_TRY(auto fd, make_socket());
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return Error::from_errno(errno, "connect to " + path.string());
  }
  return fd;
}

bool is_peer_trusted(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == ::geteuid() || peer.uid == 0;
}

}  // namespace ostler::supervise
