// SPDX-License-Identifier: Apache-2.0
#include "git/repository_key.hpp"

#include "base/ascii.hpp"
#include "git/remote_url.hpp"
#include "git/ssh_address.hpp"

namespace ostler::git {
namespace {

constexpr std::string_view kSuffix = ".git";

void trim_slashes(std::string_view& path) {
  while (path.ends_with('/')) path.remove_suffix(1);
}

/// A directory named ".git" is part of a work tree's path; as an ending ".git" is a habit.
std::string_view without_suffix(std::string_view path) {
  trim_slashes(path);
  const bool is_ending = path.ends_with(kSuffix) && path.size() > kSuffix.size();
  if (is_ending) path.remove_suffix(kSuffix.size());
  trim_slashes(path);
  return path;
}

/// Hosts of repositories do not tell letter cases apart, and have one path on all their ports.
std::string key_of(std::string_view host, std::string_view path) {
  path = without_suffix(path);
  while (path.starts_with('/')) path.remove_prefix(1);
  if (host.empty() || path.empty()) return "";
  return lower_case(std::string(host) + "/" + std::string(path));
}

std::string key_of_url(const std::string& url) {
  std::string_view rest = url;
  rest.remove_prefix(rest.find("://") + 3);
  const std::string_view authority = rest.substr(0, rest.find('/'));
  return key_of(authority.substr(0, authority.rfind(':')), rest.substr(authority.size()));
}

std::string key_of_ssh(std::string_view url) {
  const auto address = parse_ssh_address(url);
  return address ? key_of(address.value().host, address.value().path) : "";
}

}  // namespace

std::string repository_key(std::string_view url) {
  switch (remote_kind(url)) {
    case RemoteKind::Local: {
      const auto path = local_path(url);
      if (!path.is_absolute()) return "";
      return std::string(without_suffix(path.lexically_normal().native()));
    }
    case RemoteKind::Ssh: return key_of_ssh(url);
    case RemoteKind::Http:
    case RemoteKind::Other: return key_of_url(without_credentials(url));
  }
  return "";
}

std::string repository_name(std::string_view url) {
  const std::string_view path = without_suffix(url);
  return std::string(path.substr(path.find_last_of("/:") + 1));
}

}  // namespace ostler::git
