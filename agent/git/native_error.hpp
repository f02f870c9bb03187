// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace ostler::git {

inline constexpr int kUnauthorized = 401;
inline constexpr int kUntrusted = -17;

/// The error of the libgit2 call that just returned `code`; `what` says what was tried on what.
/// Requires: no other call into libgit2 on this thread in between.
/// NotFound, Denied (credentials, certificate, another owner), Conflict (locked, retryable),
/// Cancelled (our callback said so), Unavailable (network, retryable), Corrupt, Protocol (an HTTP
/// status that is none of these; `native()` is the status), else Internal. kUnauthorized is the
/// `native()` of an error by which an HTTP server wants (other) credentials, kUntrusted that of one
/// about a server's certificate.
Error native_error(int code, std::string_view what);

}  // namespace ostler::git
