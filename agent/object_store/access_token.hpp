// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "object_store/object_store.hpp"

namespace ostler::object_store {

/// What OAuth 2.0 gives for credentials, for a while.
struct AccessToken {
  Secret text;
  Timestamp expires;

  /// Whether it lasts for the request that is about to be made.
  bool is_fresh(Timestamp now) const { return now + std::chrono::minutes(5) < expires; }
};

/// Asks `who` for a token, at most three times. Errors: Denied and others with the status, and
/// never the words, of a refusal; Protocol for an answer without a token.
/// Source: RFC 6749, section 5.
Result<AccessToken> ask_for_token(net::BlockingHttpClient& client, const net::HttpRequest& request,
                                  const std::string& who, const Clock& clock);

}  // namespace ostler::object_store
