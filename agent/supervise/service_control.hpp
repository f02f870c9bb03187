// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

// What the keeper of a service is told: one word a line, to its socket; it answers "ok", or "no "
// and why.
//   listen   begin, with the listening socket that comes with this word
//   promote  it is the one of its name from now on
//   stop     end it; the connection is closed when it has ended
namespace ostler::supervise {

/// Says a word, with a descriptor where it is not -1. Blocks. Errors: NotFound, Unavailable:
/// nobody listens; Denied: the keeper is not ours; Timeout; Conflict: what it answered.
Result<void> tell_service(const std::filesystem::path& socket, std::string_view word, int handed,
                          std::chrono::milliseconds timeout);
/// Ends it, and returns when it has ended. Errors: the same.
Result<void> stop_service(const std::filesystem::path& socket, std::chrono::milliseconds timeout);

/// What one read has brought.
struct HandedBytes {
  std::string bytes;     ///< none: the peer has closed
  UniqueFd handed = {};  ///< the first descriptor that came along; others are closed
};
/// Reads once from a non-blocking socket. Errors: as errno says, EAGAIN among them.
Result<HandedBytes> receive_handed(int socket);

}  // namespace ostler::supervise
