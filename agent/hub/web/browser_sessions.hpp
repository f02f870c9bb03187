// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/secret.hpp"
#include "net/http_server.hpp"

namespace ostler::hub {

/// What browsers are given for an API token: the random name of a session, which ends by itself, by
/// a sign-out, with its token, or when the hub ends. The token stays here. Thread-safe.
class BrowserSessions {
 public:
  static constexpr std::chrono::hours kLife{12};
  static constexpr std::size_t kMost = 10'000;  ///< one more ends the one that would end first

  /// `public_url` says whether the cookie may travel by TLS only. The clock outlives it.
  BrowserSessions(const Clock& clock, std::string_view public_url);

  /// Begins a session for a token that is good; what the browser is to be told.
  std::string begin(Secret token);
  /// Ends the session of a request, if it has one; what the browser is to be told.
  std::string end(const net::ServerRequest& request);
  /// The token of the session that a request has. None: it has none that is alive.
  std::optional<Secret> token_of(const net::ServerRequest& request);

 private:
  struct Session {
    Secret token;
    std::chrono::nanoseconds ends_at{0};  ///< since boot
  };
  using Sessions = std::map<std::string, Session>;  // by the digest of the name

  const Clock& clock_;
  const bool is_secure_;
  const std::string cookie_;  ///< its name
  Guarded<Sessions> sessions_;
};

/// Whether a request comes from a page of the hub's own: what a browser says of it (`Origin`) is
/// the hub's public address, or the one that the request itself was sent to.
bool is_from_own_page(const net::ServerRequest& request, std::string_view public_url);

}  // namespace ostler::hub
