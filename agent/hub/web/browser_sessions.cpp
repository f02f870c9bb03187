// SPDX-License-Identifier: Apache-2.0
#include "hub/web/browser_sessions.hpp"

#include <algorithm>

#include "crypto/digest.hpp"
#include "crypto/random.hpp"

namespace ostler::hub {
namespace {

constexpr std::string_view kHttps = "https://";

/// The value of a cookie in a Cookie header; empty when it is not there. Source: RFC 6265, 4.2.
std::string_view cookie_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    std::string_view pair = header.substr(0, header.find(';'));
    header.remove_prefix(std::min(header.size(), pair.size() + 1));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    const std::size_t equals = pair.find('=');
    if (equals != pair.npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
  }
  return {};
}

/// "https://ci.example.com" of "https://ci.example.com/a/b".
std::string_view origin_of(std::string_view url) {
  const std::size_t authority = url.find("://");
  if (authority == url.npos) return url;
  return url.substr(0, url.find('/', authority + 3));
}

/// "ci.example.com:8000" of "https://ci.example.com:8000".
std::string_view authority_of(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  return scheme == origin.npos ? std::string_view() : origin.substr(scheme + 3);
}

}  // namespace

// A browser takes a cookie of that prefix only by TLS, and from nobody but this very host.
BrowserSessions::BrowserSessions(const Clock& clock, std::string_view public_url)
    : clock_(clock),
      is_secure_(public_url.starts_with(kHttps)),
      cookie_(is_secure_ ? "__Host-ostler_session" : "ostler_session") {}

std::string BrowserSessions::begin(Secret token) {
  const std::string name = crypto::random_token();
  const auto now = clock_.since_boot();
  sessions_.with([&](Sessions& sessions) {
    std::erase_if(sessions, [&](const auto& entry) { return entry.second.ends_at <= now; });
    if (sessions.size() >= kMost) {
      sessions.erase(std::ranges::min_element(
          sessions, {}, [](const auto& entry) { return entry.second.ends_at; }));
    }
    sessions.emplace(crypto::sha256_hex(name), Session{std::move(token), now + kLife});
  });
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(kLife).count();
  return cookie_ + "=" + name + "; Path=/; Max-Age=" + std::to_string(seconds) +
         "; HttpOnly; SameSite=Strict" + (is_secure_ ? "; Secure" : "");
}

std::string BrowserSessions::end(const net::ServerRequest& request) {
  const std::string digest = crypto::sha256_hex(cookie_value(request.header("Cookie"), cookie_));
  sessions_.with([&](Sessions& sessions) { sessions.erase(digest); });
  return cookie_ + "=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict" +
         (is_secure_ ? "; Secure" : "");
}

std::optional<Secret> BrowserSessions::token_of(const net::ServerRequest& request) {
  const std::string_view name = cookie_value(request.header("Cookie"), cookie_);
  if (name.empty()) return std::nullopt;
  const std::string digest = crypto::sha256_hex(name);
  const auto now = clock_.since_boot();
  return sessions_.with([&](Sessions& sessions) -> std::optional<Secret> {
    const auto found = sessions.find(digest);
    if (found == sessions.end()) return std::nullopt;
    if (found->second.ends_at > now) return found->second.token;
    sessions.erase(found);
    return std::nullopt;
  });
}

bool is_from_own_page(const net::ServerRequest& request, std::string_view public_url) {
  const std::string_view origin = request.header("Origin");
  if (origin.empty()) return false;
  const std::string_view host = request.header("Host");
  return origin == origin_of(public_url) || (!host.empty() && authority_of(origin) == host);
}

}  // namespace ostler::hub
