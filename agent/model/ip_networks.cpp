// SPDX-License-Identifier: Apache-2.0
#include "model/ip_networks.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace ostler::model {
namespace {

/// An address in IPv6; one of IPv4 is mapped (::ffff:a.b.c.d), so that both kinds compare alike.
using Address = std::array<std::uint8_t, 16>;
constexpr unsigned kMappedBits = 96;
constexpr unsigned kAllBits = 128;

struct Network {
  Address address;
  unsigned bits = kAllBits;  ///< of them, from the left, an address of the network has the same
};

std::optional<Address> parse_address(const std::string& text, bool& is_ipv4) {
  Address address{};
  is_ipv4 = ::inet_pton(AF_INET, text.c_str(), address.data() + kMappedBits / 8) == 1;
  if (is_ipv4) {
    address[10] = address[11] = 0xff;
    return address;
  }
  if (::inet_pton(AF_INET6, text.c_str(), address.data()) != 1) return std::nullopt;
  return address;
}

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  bool is_ipv4 = false;
  const auto address = parse_address(std::string(text.substr(0, slash)), is_ipv4);
  if (!address) return std::nullopt;
  Network network{.address = *address};
  if (slash == text.npos) return network;
  const std::string_view length = text.substr(slash + 1);
  const auto read = std::from_chars(length.data(), length.data() + length.size(), network.bits);
  if (read.ec != std::errc() || read.ptr != length.data() + length.size()) return std::nullopt;
  if (network.bits > (is_ipv4 ? kAllBits - kMappedBits : kAllBits)) return std::nullopt;
  if (is_ipv4) network.bits += kMappedBits;
  return network;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (!word.empty()) words.push_back(word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return words;
}

bool is_in(const Network& network, const Address& address) {
  const unsigned whole = network.bits / 8;
  if (std::memcmp(network.address.data(), address.data(), whole) != 0) return false;
  const unsigned rest = network.bits % 8;
  if (rest == 0) return true;
  return ((network.address[whole] ^ address[whole]) >> (8 - rest)) == 0;
}

}  // namespace

bool are_ip_networks(std::string_view text) {
  return std::ranges::all_of(words_of(text),
                             [](std::string_view word) { return parse_network(word).has_value(); });
}

bool is_in_networks(std::string_view networks, std::string_view address) {
  const auto words = words_of(networks);
  if (words.empty()) return true;
  bool is_ipv4 = false;
  const auto parsed = parse_address(std::string(address), is_ipv4);
  return parsed && std::ranges::any_of(words, [&](std::string_view word) {
           const auto network = parse_network(word);
           return network && is_in(*network, *parsed);
         });
}

}  // namespace ostler::model
