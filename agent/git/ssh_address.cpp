// SPDX-License-Identifier: Apache-2.0
#include "git/ssh_address.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "git/remote_url.hpp"

namespace ostler::git {
namespace {

bool is_port(std::string_view text) {
  unsigned number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  return ec == std::errc() && end == text.data() + text.size() && number >= 1 && number <= 65535;
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::iscntrl(c) != 0; });
}

struct HostAndPort {
  std::string_view host;
  std::string_view port;
};

// "host", "host:22", "[::1]" or "[::1]:22".
HostAndPort split_port(std::string_view text) {
  const std::size_t close = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  if (close != std::string_view::npos) {
    const std::string_view rest = text.substr(close + 1);
    return {text.substr(1, close - 1), rest.starts_with(':') ? rest.substr(1) : rest};
  }
  const std::size_t colon = std::min(text.find(':'), text.size());
  return {text.substr(0, colon), colon < text.size() ? text.substr(colon + 1) : ""};
}

// The part before the path, taken apart: user, host and port.
Result<SshAddress> parse_authority(std::string_view text) {
  const std::size_t at = text.rfind('@');
  const bool has_user = at != std::string_view::npos;
  const std::string_view user = has_user ? text.substr(0, at) : "";
  const auto [host, port] = split_port(has_user ? text.substr(at + 1) : text);
  if (host.empty()) return Error(Errc::UserFault, "names no host");
  if (user.find(':') != std::string_view::npos) {
    return Error(Errc::UserFault, "has a password, which ssh takes from nobody; use a key");
  }
  if (!port.empty() && !is_port(port)) {
    return Error(Errc::UserFault, "\"" + std::string(port) + "\" is no port");
  }
  SshAddress address;
  address.host = percent_decoded(host);
  address.port = port;
  address.destination =
      has_user ? percent_decoded(user) + "@" + address.host : std::string(address.host);
  return address;
}

Result<SshAddress> parse_url(std::string_view url) {
  const std::size_t begin = url.find("://") + 3;
  const std::size_t slash = std::min(url.find('/', begin), url.size());
  OSTLER_TRY(auto address, parse_authority(url.substr(begin, slash - begin)));
  address.path = percent_decoded(url.substr(slash));
  if (address.path.starts_with("/~")) address.path.erase(0, 1);
  return address;
}

// host:path; git also takes [host:port]:path.
Result<SshAddress> parse_short(std::string_view url) {
  const std::size_t close = url.find("]:");
  const bool in_brackets = close != std::string_view::npos && url.find('[') < close;
  const std::size_t colon = in_brackets ? close + 1 : url.find(':');
  std::string authority(url.substr(0, colon));
  const auto colons = std::count(authority.begin(), authority.end(), ':');
  if (in_brackets && colons <= 1)
    std::erase_if(authority, [](char c) { return c == '[' || c == ']'; });
  OSTLER_TRY(auto address, parse_authority(authority));
  address.path = url.substr(colon + 1);
  return address;
}

Result<void> refuse_dangerous(const SshAddress& address) {
  for (const std::string& part : {address.destination, address.host, address.path}) {
    if (part.starts_with('-')) {
      return Error(Errc::UserFault, "\"" + part + "\" begins with \"-\", as only an option may");
    }
  }
  if (has_control_characters(address.destination) || has_control_characters(address.path)) {
    return Error(Errc::UserFault, "has control characters");
  }
  if (address.path.empty() || address.path == "/") return Error(Errc::UserFault, "names no path");
  return success();
}

}  // namespace

Result<SshAddress> parse_ssh_address(std::string_view url) {
  const bool is_url = url.find("://") != std::string_view::npos;
  auto address = is_url ? parse_url(url) : parse_short(url);
  if (address) {
    if (auto safe = refuse_dangerous(address.value()); !safe) address = std::move(safe).error();
  }
  if (address) return address;
  return std::move(address).error().with_context("ssh address " + without_credentials(url));
}

std::string quoted_for_shell(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    // The exclamation mark is for a C shell.
    if (c == '\'' || c == '!') {
      quoted.append("'\\").append(1, c).append("'");
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace ostler::git
