// SPDX-License-Identifier: Apache-2.0
#include "net/listen_address.hpp"

#include <charconv>

namespace ostler::net {

Result<ListenAddress> parse_listen_address(std::string_view text) {
  ListenAddress address;
  const std::size_t colon = text.rfind(':');
  const std::string_view port = colon == text.npos ? "" : text.substr(colon + 1);
  const char* end = port.data() + port.size();
  const auto [stop, fault] = std::from_chars(port.data(), end, address.port);
  if (port.empty() || fault != std::errc() || stop != end) {
    return Error(Errc::UserFault,
                 "\"" + std::string(text) + "\" is no address and port such as 127.0.0.1:7450");
  }
  address.host = text.substr(0, colon);
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  if (address.host.empty()) address.host = "0.0.0.0";
  return address;
}

}  // namespace ostler::net
