// SPDX-License-Identifier: Apache-2.0
#include "supervise/service_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <charconv>
#include <cstring>

namespace ostler::supervise {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr std::string_view kFourth = "127.0.0.1:";
constexpr std::string_view kSixth = "[::1]:";

Error no_service_address(std::string_view text) {
  return {Errc::UserFault,
          "the address of a service is 127.0.0.1:PORT, [::1]:PORT or unix:NAME, a socket in its "
          "directory: " +
              std::string(text)};
}

template <class Raw>
ServiceAddress filled_with(const Raw& raw) {
  ServiceAddress address;
  std::memcpy(&address.raw, &raw, sizeof raw);
  address.size = sizeof raw;
  return address;
}

/// 0: it is none.
std::uint16_t port_in(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
  return ec == std::errc() && end == text.data() + text.size() ? port : std::uint16_t{0};
}

}  // namespace

Result<ServiceAddress> parse_service_address(std::string_view text) {
  if (text.starts_with(kUnix)) {
    const std::string_view name = text.substr(kUnix.size());
    sockaddr_un raw{};
    raw.sun_family = AF_UNIX;
    const bool leads_out = name.find('/') != name.npos || name == "." || name == "..";
    if (name.empty() || leads_out || name.size() >= sizeof raw.sun_path ||
        name.find('\0') != name.npos) {
      return no_service_address(text);
    }
    name.copy(raw.sun_path, name.size());
    return filled_with(raw);
  }
  if (text.starts_with(kFourth) && port_in(text.substr(kFourth.size())) != 0) {
    sockaddr_in raw{};
    raw.sin_family = AF_INET;
    raw.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    raw.sin_port = htons(port_in(text.substr(kFourth.size())));
    return filled_with(raw);
  }
  if (text.starts_with(kSixth) && port_in(text.substr(kSixth.size())) != 0) {
    sockaddr_in6 raw{};
    raw.sin6_family = AF_INET6;
    raw.sin6_addr = in6addr_loopback;
    raw.sin6_port = htons(port_in(text.substr(kSixth.size())));
    return filled_with(raw);
  }
  return no_service_address(text);
}

std::string service_address_of(int socket) {
  sockaddr_in raw{};
  socklen_t size = sizeof raw;
  const bool is_read = ::getsockname(socket, reinterpret_cast<sockaddr*>(&raw), &size) == 0;
  if (!is_read || raw.sin_family != AF_INET || raw.sin_addr.s_addr != htonl(INADDR_LOOPBACK)) {
    return {};
  }
  return std::string(kFourth) + std::to_string(ntohs(raw.sin_port));
}

}  // namespace ostler::supervise
