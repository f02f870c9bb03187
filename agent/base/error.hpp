// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ostler {

/// Why an operation failed, grouped by what a caller can do about it.
enum class Errc : std::uint8_t {
  Cancelled,    ///< somebody asked for it to stop
  Timeout,      ///< its deadline passed
  NotFound,     ///< the named thing does not exist
  Denied,       ///< not allowed: credentials, permissions, policy
  Conflict,     ///< the thing is in another state, or held by someone else
  Unavailable,  ///< a peer or resource is out of reach or exhausted; may work later
  Corrupt,      ///< stored data that cannot be what was written
  Protocol,     ///< a peer said something that its protocol does not allow
  UserFault,    ///< wrong input: flags, configuration, pipeline
  Internal,     ///< our own fault
};

/// The lower-case name of a code, as it appears in logs: "not_found".
std::string_view to_string(Errc code);

/// An expected failure as a value. Callers branch on `code()`, never on the text.
class [[nodiscard]] Error {
 public:
  Error(Errc code, std::string message) : message_(std::move(message)), code_(code) {}

  /// An error from `errno`; `what` says which call on which thing, e.g. "open /a/b".
  /// Errc follows from the number: ENOENT NotFound, EACCES and EPERM Denied, EEXIST Conflict,
  /// ENOSPC, EMFILE, EAGAIN and connection errors Unavailable, ETIMEDOUT Timeout, else Internal.
  static Error from_errno(int number, std::string_view what);

  Errc code() const { return code_; }
  /// The message for people, outermost context first: "checkout: fetch origin: refused".
  const std::string& message() const { return message_; }
  /// The native error number (errno, HTTP status, library code); 0 when there is none.
  int native() const { return native_; }
  /// Whether the same call may succeed later without anybody changing anything.
  bool retryable() const { return retryable_; }

  Error with_native(int native) && {
    native_ = native;
    return std::move(*this);
  }
  Error with_retryable(bool retryable) && {
    retryable_ = retryable;
    return std::move(*this);
  }
  /// Puts `context` and ": " before the message.
  Error with_context(std::string_view context) &&;

 private:
  std::string message_;
  int native_ = 0;
  Errc code_;
  bool retryable_ = false;
};

}  // namespace ostler
