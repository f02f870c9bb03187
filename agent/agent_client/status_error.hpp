// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace ostler::agent_client {

/// The Error that an HTTP error status is: native() is the status, and the server's message is in
/// the text. 401 and 403 Denied, 404 NotFound, 409, 422 and 423 Conflict, 429 and from 500 on
/// Unavailable (retryable), else Protocol.
Error error_of_status(std::string_view call, int status, std::string_view body);

/// Whether an error is a status that says no for good: any 4xx but 429.
bool is_refusal(const Error& error);

}  // namespace ostler::agent_client
