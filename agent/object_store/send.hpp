// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "agent_client/retry.hpp"
#include "base/result.hpp"
#include "net/http_client.hpp"

namespace ostler::object_store {

/// Makes a request for its next attempt, signed for the time of it.
using MakeRequest = std::function<Result<net::HttpRequest>()>;
/// What an answer means that is no success; retryable when another attempt may fare better.
using ReadRefusal = std::function<std::optional<Error>(const net::HttpResponse&)>;

/// Sends a request until its answer is no refusal, as often as the policy says. Errors: those of
/// the last attempt.
Result<net::HttpResponse> send(net::BlockingHttpClient& client, const MakeRequest& make,
                               const agent_client::RetryPolicy& policy,
                               const ReadRefusal& read_refusal);

/// Whether a status says that the same request may succeed later.
bool may_heal(int status);

/// The error code that a refusing status comes to.
Errc code_of_status(int status);

/// The beginning of a text of somebody else's, fit for a terminal: one line, without control bytes.
std::string quoted_words(std::string_view text);

}  // namespace ostler::object_store
