// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <cerrno>
#include <system_error>

namespace ostler {
namespace {

Errc code_of(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
    case ESRCH: return Errc::NotFound;
    case EACCES:
    case EPERM:
    case EROFS: return Errc::Denied;
    case EEXIST:
    case EADDRINUSE:
    case EBUSY: return Errc::Conflict;
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EAGAIN:
    case ECONNREFUSED:
    case ECONNRESET:
    case EPIPE:
    case ENETUNREACH:
    case EHOSTUNREACH: return Errc::Unavailable;
    case ETIMEDOUT: return Errc::Timeout;
    case EINTR:
    case ECANCELED: return Errc::Cancelled;
    default: return Errc::Internal;
  }
}

}  // namespace

std::string_view to_string(Errc code) {
  switch (code) {
    case Errc::Cancelled: return "cancelled";
    case Errc::Timeout: return "timeout";
    case Errc::NotFound: return "not_found";
    case Errc::Denied: return "denied";
    case Errc::Conflict: return "conflict";
    case Errc::Unavailable: return "unavailable";
    case Errc::Corrupt: return "corrupt";
    case Errc::Protocol: return "protocol";
    case Errc::UserFault: return "user_fault";
    case Errc::Internal: return "internal";
  }
  return "internal";
}

Error Error::from_errno(int number, std::string_view what) {
  const Errc code = code_of(number);
  Error error(code, std::string(what) + ": " + std::generic_category().message(number));
  error.native_ = number;
  error.retryable_ = code == Errc::Unavailable || code == Errc::Timeout;
  return error;
}

Error Error::with_context(std::string_view context) && {
  message_.insert(0, ": ");
  message_.insert(0, context);
  return std::move(*this);
}

}  // namespace ostler
