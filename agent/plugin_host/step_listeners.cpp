// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_listeners.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>

#include "supervise/service_address.hpp"
#include "supervise/service_record.hpp"

namespace ostler::plugin_host {
namespace {

constexpr std::size_t kMostListeners = 8;

Result<UniqueFd> listen_on_loopback(std::uint16_t port) {
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return Error::from_errno(errno, "make a socket");
  const int yes = 1;
  // A port that another step has just left is free.
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(port);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
      ::listen(socket.get(), SOMAXCONN) != 0) {
    return Error::from_errno(errno, "listen on 127.0.0.1:" + std::to_string(port));
  }
  return socket;
}

std::string listener_names(const auto& open) {
  std::string names;
  for (const auto& [name, unused] : open) names += (names.empty() ? "" : ":") + name;
  return names;
}

}  // namespace

Result<std::string> StepListeners::answer(const std::string& what,
                                          const std::vector<std::string>& arguments) {
  if (what == "open" && arguments.size() == 2) return open(arguments[0], arguments[1]);
  if (what == "close" && arguments.size() == 1) {
    open_.erase(arguments[0]);
    return std::string();
  }
  return Error(Errc::NotFound, "no call ostler.listener/1/" + what + " with " +
                                   std::to_string(arguments.size()) + " arguments");
}

Result<std::string> StepListeners::open(const std::string& name, const std::string& port) {
  std::uint16_t number = 0;
  const auto [end, ec] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (!supervise::is_service_name(name)) {
    return Error(Errc::UserFault, "the name of a listener is [a-z][a-z0-9-]*, at most 32 bytes");
  }
  if (ec != std::errc() || end != port.data() + port.size()) {
    return Error(Errc::UserFault, "the port of a listener is 0 to 65535: " + port);
  }
  if (open_.contains(name)) return Error(Errc::Conflict, "the listener " + name + " is open");
  if (open_.size() == kMostListeners) return Error(Errc::Unavailable, "8 listeners are open");
  auto socket = listen_on_loopback(number);
  if (!socket) return Error(Errc::Unavailable, socket.error().message());
  const std::string address = supervise::service_address_of(socket.value().get());
  open_.emplace(name, Open{std::move(socket).value(), address});
  return address;
}

Result<UniqueFd> StepListeners::copy_of(const std::string& name) const {
  const auto found = open_.find(name);
  if (found == open_.end()) return Error(Errc::NotFound, "no listener " + name + " is open");
  UniqueFd copy(::fcntl(found->second.socket.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy) return Error::from_errno(errno, "copy a listener");
  return copy;
}

std::vector<int> StepListeners::descriptors() const {
  std::vector<int> numbers;
  for (const auto& [unused, one] : open_) numbers.push_back(one.socket.get());
  return numbers;
}

std::vector<std::string> StepListeners::variables() const {
  if (open_.empty()) return {};
  std::vector<std::string> entries = {"LISTEN_FDS=" + std::to_string(open_.size()),
                                      "LISTEN_FDNAMES=" + listener_names(open_)};
  for (const auto& [name, one] : open_) {
    std::string variable = "OSTLER_LISTENER_" + name + "=" + one.address;
    for (char& letter : variable) {
      if (letter == '=') break;
      if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
      if (letter == '-') letter = '_';
    }
    entries.push_back(std::move(variable));
  }
  return entries;
}

}  // namespace ostler::plugin_host
