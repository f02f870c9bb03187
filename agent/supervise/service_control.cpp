// SPDX-License-Identifier: Apache-2.0
#include "supervise/service_control.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "supervise/channel.hpp"

namespace ostler::supervise {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

Result<void> send_handed(int socket, std::string_view bytes, int handed) {
  iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> room{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (handed >= 0) {
    message.msg_control = room.data();
    message.msg_controllen = room.size();
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &handed, sizeof handed);
  }
  // So few bytes fit into a socket that nothing was sent to before.
  if (::sendmsg(socket, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size())) {
    return success();
  }
  return Error::from_errno(errno, "speak to the keeper of the service");
}

/// What has come when it satisfies; Timeout.
template <class Enough>
Result<std::string> read_until(int socket, SteadyTime deadline, const Enough& enough) {
  std::string text;
  for (bool is_over = false;;) {
    if (enough(text, is_over)) return text;
    if (is_over) {
      return Error(Errc::Unavailable, "the keeper of the service went away without an answer");
    }
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd watched{socket, POLLIN, 0};
    const int ready = left.count() <= 0 ? 0 : ::poll(&watched, 1, static_cast<int>(left.count()));
    if (ready == 0) return Error(Errc::Timeout, "the keeper of the service does not answer");
    const auto got = receive_handed(socket);
    if (!got && got.error().native() == EAGAIN) continue;
    is_over = !got || got.value().bytes.empty();
    if (got) text += got.value().bytes;
  }
}

Result<UniqueFd> say_to_keeper(const std::filesystem::path& at, std::string_view word, int handed,
                               SteadyTime deadline) {
  OSTLER_TRY(UniqueFd socket, connect_to(at));
  if (!is_peer_trusted(socket.get())) {
    return Error(Errc::Denied, at.string() + " belongs to another user");
  }
  OSTLER_TRY(send_handed(socket.get(), std::string(word) + "\n", handed));
  OSTLER_TRY(const std::string answer,
             read_until(socket.get(), deadline, [](const std::string& text, bool) {
               return text.find('\n') != text.npos;
             }));
  const std::string line = answer.substr(0, answer.find('\n'));
  if (line != "ok")
    return Error(Errc::Conflict, line.substr(std::min<std::size_t>(3, line.size())));
  return socket;
}

}  // namespace

Result<void> tell_service(const std::filesystem::path& at, std::string_view word, int handed,
                          std::chrono::milliseconds timeout) {
  OSTLER_TRY(say_to_keeper(at, word, handed, std::chrono::steady_clock::now() + timeout));
  return success();
}

Result<void> stop_service(const std::filesystem::path& at, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  OSTLER_TRY(const UniqueFd socket, say_to_keeper(at, "stop", -1, deadline));
  OSTLER_TRY(
      read_until(socket.get(), deadline, [](const std::string&, bool is_over) { return is_over; }));
  return success();
}

Result<HandedBytes> receive_handed(int socket) {
  std::array<char, 256> room{};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  iovec piece{room.data(), room.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  if (got < 0) return Error::from_errno(errno, "read from the socket of a service");
  HandedBytes received{.bytes = {room.data(), static_cast<std::size_t>(got)}};
  for (cmsghdr* at = CMSG_FIRSTHDR(&message); at != nullptr; at = CMSG_NXTHDR(&message, at)) {
    if (at->cmsg_level != SOL_SOCKET || at->cmsg_type != SCM_RIGHTS) continue;
    // There is room for two where one is aligned; all that came are ours to close.
    const std::size_t count = (at->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int handed = -1;
      std::memcpy(&handed, CMSG_DATA(at) + i * sizeof handed, sizeof handed);
      UniqueFd one(handed);
      if (!received.handed) received.handed = std::move(one);
    }
  }
  return received;
}

}  // namespace ostler::supervise
