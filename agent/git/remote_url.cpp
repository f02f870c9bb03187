// SPDX-License-Identifier: Apache-2.0
#include "git/remote_url.hpp"

#include <algorithm>
#include <charconv>

namespace ostler::git {
namespace {

constexpr std::string_view kFileScheme = "file://";

std::string_view scheme_of(std::string_view url) {
  const std::size_t end = url.find("://");
  return end == std::string_view::npos ? std::string_view() : url.substr(0, end);
}

// git's rule: a colon before any slash means host:path.
bool is_host_and_path(std::string_view url) {
  const std::size_t colon = url.find(':');
  return colon != std::string_view::npos && url.find('/') > colon;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      decoded += static_cast<char>(byte);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

RemoteKind remote_kind(std::string_view url) {
  const std::string_view scheme = scheme_of(url);
  if (scheme == "file") return RemoteKind::Local;
  if (scheme == "http" || scheme == "https") return RemoteKind::Http;
  if (scheme == "ssh" || scheme == "git+ssh" || scheme == "ssh+git") return RemoteKind::Ssh;
  if (!scheme.empty()) return RemoteKind::Other;
  return is_host_and_path(url) ? RemoteKind::Ssh : RemoteKind::Local;
}

std::filesystem::path local_path(std::string_view url) {
  if (!url.starts_with(kFileScheme)) return url;
  url.remove_prefix(kFileScheme.size());
  constexpr std::string_view kThisHost = "localhost/";
  if (url.starts_with(kThisHost)) url.remove_prefix(kThisHost.size() - 1);
  return percent_decoded(url);
}

namespace {

struct UserInfo {
  std::size_t begin = 0;
  std::size_t end = 0;  // the position of "@"
};

std::optional<UserInfo> user_info_in(std::string_view url) {
  const std::string_view scheme = scheme_of(url);
  if (scheme.empty()) return std::nullopt;
  const std::size_t host = scheme.size() + 3;
  const std::size_t host_end = std::min(url.find_first_of("/?#", host), url.size());
  const std::size_t at = url.substr(0, host_end).rfind('@');
  if (at == std::string_view::npos || at < host) return std::nullopt;
  return UserInfo{host, at};
}

}  // namespace

std::string without_credentials(std::string_view url) {
  const auto found = user_info_in(url);
  if (!found) return std::string(url);
  if (remote_kind(url) == RemoteKind::Ssh) {
    const std::size_t colon = std::min(url.find(':', found->begin), found->end);
    return std::string(url.substr(0, colon)).append(url.substr(found->end));
  }
  return std::string(url.substr(0, found->begin)).append(url.substr(found->end + 1));
}

std::optional<std::string> credentials_of(std::string_view url) {
  const auto found = user_info_in(url);
  if (!found) return std::nullopt;
  const std::string_view text = url.substr(found->begin, found->end - found->begin);
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string_view password = colon < text.size() ? text.substr(colon + 1) : "";
  return percent_decoded(text.substr(0, colon)) + ":" + percent_decoded(password);
}

}  // namespace ostler::git
