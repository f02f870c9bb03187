// SPDX-License-Identifier: Apache-2.0
#include "agent_client/path.hpp"

namespace ostler::agent_client {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '~';
}

}  // namespace

std::string path_segment(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string segment;
  for (const char c : text) {
    if (is_plain(c)) {
      segment += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    segment += '%';
    segment += kHex[byte >> 4];
    segment += kHex[byte & 15];
  }
  return segment;
}

std::string join_url(std::string_view endpoint, std::string_view path) {
  while (endpoint.ends_with('/')) endpoint.remove_suffix(1);
  while (path.starts_with('/')) path.remove_prefix(1);
  return std::string(endpoint).append("/").append(path);
}

std::string_view origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  return url.substr(0, url.find_first_of("/?#", host));
}

}  // namespace ostler::agent_client
