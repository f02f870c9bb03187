// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"
#include "net/http_server.hpp"

namespace ostler::hub {

/// The status with which an error is answered: its native one when that is an HTTP status, else by
/// its code. What may work later is a 5xx, so that clients try again.
int status_of(const Error& error);

/// The answer {"message": "..."} for an error.
net::ServerResponse error_answer(const Error& error);

/// The same, with a line in the log: one of our own faults, and for debugging any other.
net::ServerResponse error_response(const net::ServerRequest& request, const Error& error);

}  // namespace ostler::hub
