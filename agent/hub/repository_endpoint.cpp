// SPDX-License-Identifier: Apache-2.0
#include "hub/repository_endpoint.hpp"

#include <charconv>

#include "base/ascii.hpp"

namespace ostler::hub {
namespace {

constexpr std::string_view kHttps = "https://";
constexpr std::size_t kLongestHost = 253;  // RFC 1035 without the last dot
constexpr std::string_view kHostBytes = "abcdefghijklmnopqrstuvwxyz0123456789.-";
constexpr std::string_view kBracketedBytes = "0123456789abcdef:.";

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > kLongestHost) return false;
  if (host.front() != '[') return host.find_first_not_of(kHostBytes) == host.npos;
  if (host.size() < 3 || host.back() != ']') return false;
  return host.substr(1, host.size() - 2).find_first_not_of(kBracketedBytes) == host.npos;
}

/// Reads "host" or "host:port".
std::optional<RepositoryEndpoint> endpoint_in(std::string_view text) {
  const std::size_t bracket = text.find(']');
  const std::size_t colon = text.find(':', bracket == text.npos ? 0 : bracket);
  RepositoryEndpoint endpoint{lower_case(text.substr(0, colon))};
  if (!is_host(endpoint.host)) return std::nullopt;
  if (colon == text.npos) return endpoint;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, endpoint.port);
  if (error != std::errc{} || stop != end || endpoint.port == 0) return std::nullopt;
  return endpoint;
}

std::string_view authority_of(std::string_view behind_scheme) {
  return behind_scheme.substr(0, behind_scheme.find_first_of("/?#"));
}

std::string_view without_user(std::string_view authority) {
  return authority.substr(authority.rfind('@') + 1);  // npos + 1: there is none
}

/// "user@host:path", which has no port. Source: git-clone(1), GIT URLS.
std::optional<RepositoryEndpoint> endpoint_of_scp_form(std::string_view address) {
  const std::size_t end = address.find_first_of(":/");
  if (end == address.npos || address[end] == '/') return std::nullopt;
  return endpoint_in(without_user(address.substr(0, end)));
}

}  // namespace

std::optional<RepositoryEndpoint> https_endpoint(std::string_view url) {
  if (!url.starts_with(kHttps)) return std::nullopt;
  return endpoint_in(authority_of(url.substr(kHttps.size())));
}

std::optional<RepositoryEndpoint> endpoint_of_repository(std::string_view address) {
  const std::size_t separator = address.find("://");
  if (separator == address.npos) return endpoint_of_scp_form(address);
  const std::string scheme = lower_case(address.substr(0, separator));
  if (scheme == "file") return std::nullopt;
  auto endpoint = endpoint_in(without_user(authority_of(address.substr(separator + 3))));
  // Another scheme's port says nothing about who answers to https.
  if (endpoint && scheme != "https") endpoint->port = RepositoryEndpoint{}.port;
  return endpoint;
}

}  // namespace ostler::hub
