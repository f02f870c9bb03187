// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/http_permission.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace ostler::plugin_host {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

struct HostAndPort {
  std::string host;
  std::string port;  ///< empty: none is named
};

HostAndPort split(const std::string& text) {
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.rfind(':');
  const bool has_port = colon != text.npos && (bracket == text.npos || colon > bracket);
  if (!has_port) return {text, ""};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

bool is_host(std::string_view host) {
  if (host.starts_with("*.")) host.remove_prefix(2);
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '[' ||
           c == ']' || c == ':';
  };
  return !host.empty() && host.front() != '.' && std::ranges::all_of(host, fits);
}

/// Empty, where none is named, or 1 to 65535 without zeros before it.
bool is_port(const std::string& text) {
  std::uint16_t port = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  return text.empty() || (read.ec == std::errc() && text == std::to_string(port) && port != 0);
}

bool is_host_of(const std::string& host, const std::string& pattern) {
  if (!pattern.starts_with("*.")) return host == pattern;
  const std::string_view below = std::string_view(pattern).substr(1);  // ".example.com"
  return host.size() > below.size() && host.ends_with(below);
}

}  // namespace

bool is_http_pattern(const std::string& text) {
  const auto [host, port] = split(text);
  return is_host(host) && is_port(port) && !text.ends_with(':');
}

Result<std::string> http_pattern_of(const std::string& text) {
  if (is_http_pattern(text)) return text;
  auto origin = net::origin_of_url(text);
  if (!origin) return Error(Errc::UserFault, "neither a host nor a URL: " + text);
  return origin.value().host + ":" + std::to_string(origin.value().port);
}

bool is_permitted(const net::UrlOrigin& origin, std::span<const std::string> patterns) {
  const bool is_usual_port = origin.port == kHttpPort || origin.port == kHttpsPort;
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    if (pattern == kHubPattern) return false;
    const auto [host, port] = split(pattern);
    const bool fits = port.empty() ? is_usual_port : port == std::to_string(origin.port);
    return fits && is_host_of(origin.host, host);
  });
}

}  // namespace ostler::plugin_host
