// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

// URLs as the client of this room reads them: by libcurl, so that what was looked at is what is
// connected to.
namespace ostler::net {

struct UrlOrigin {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< in lower case; of IPv6 in brackets
  std::uint16_t port = 0;

  bool operator==(const UrlOrigin&) const = default;
};

/// Whether only its own machine answers there: localhost, 127.0.0.0/8, ::1.
bool is_loopback(const UrlOrigin& origin);

/// Errors: UserFault for what is no http:// or https:// URL, and for one with a user or password.
Result<UrlOrigin> origin_of_url(const std::string& url);

/// Where a redirect from `url` to `location` leads. Errors: UserFault when that is no URL.
Result<std::string> resolve_url(const std::string& url, const std::string& location);

}  // namespace ostler::net
