// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent_client/call_with_retries.hpp"

namespace ostler::agent_client {

/// Makes a call as call_with_retries does: the body of its good answer. `what` begins the message
/// of an error. Blocks.
/// Errors: those of the transport and of `check`; for a status those of error_of_status, so
/// NotFound is 404.
Result<std::string> ask(Transport& transport, std::string_view what, const ApiCall& call,
                        const RetryPolicy& policy, const BodyCheck& check, const RetryClock& clock);

/// The same, and what `decode` makes of the body. An answer that cannot be decoded is asked for
/// again.
template <class Decode>
auto ask_for(Transport& transport, std::string_view what, const ApiCall& call,
             const RetryPolicy& policy, const RetryClock& clock, Decode decode)
    -> decltype(decode(std::string())) {
  std::optional<decltype(decode(std::string()))> decoded;
  const auto body = ask(
      transport, what, call, policy,
      [&](const std::string& text) -> Result<void> {
        decoded.emplace(decode(text));
        return *decoded ? success() : Result<void>(decoded->error());
      },
      clock);
  if (!body) return body.error();
  return std::move(*decoded);
}

}  // namespace ostler::agent_client
