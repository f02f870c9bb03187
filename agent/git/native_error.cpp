// SPDX-License-Identifier: Apache-2.0
#include "git/native_error.hpp"

#include <git2.h>

#include <charconv>
#include <string>

namespace ostler::git {
namespace {

struct Classified {
  Errc code;
  bool retryable = false;
};

Classified classify_status(int status) {
  if (status == 404 || status == 410) return {Errc::NotFound};
  if (status == 401 || status == 403 || status == 407) return {Errc::Denied};
  if (status == 408 || status == 429 || status >= 500) return {Errc::Unavailable, true};
  return {Errc::Protocol};
}

Classified classify_class(int error_class) {
  switch (error_class) {
    case GIT_ERROR_NET:
    case GIT_ERROR_SSL:
    case GIT_ERROR_HTTP:
    case GIT_ERROR_OS: return {Errc::Unavailable, true};
    case GIT_ERROR_ODB:
    case GIT_ERROR_OBJECT:
    case GIT_ERROR_INDEX:
    case GIT_ERROR_INDEXER:
    case GIT_ERROR_ZLIB:
    case GIT_ERROR_TREE:
    case GIT_ERROR_REPOSITORY: return {Errc::Corrupt};
    default: return {Errc::Internal};
  }
}

Classified classify(int code, int error_class, int status, std::string_view text) {
  if (status != 0) return classify_status(status);
  if (text.find("cannot redirect") != std::string_view::npos) return {Errc::Protocol};
  // Garbage, or the body of a redirect, which libgit2 1.5 reads as the next answer: it comes again.
  if (text.find("http parser error") != std::string_view::npos) return {Errc::Protocol};
  switch (code) {
    case GIT_ENOTFOUND:
    case GIT_EUNBORNBRANCH: return {Errc::NotFound};
    case GIT_EAUTH:
    case GIT_ECERTIFICATE:
    case GIT_EOWNER: return {Errc::Denied};
    case GIT_EEXISTS:
    case GIT_EAMBIGUOUS: return {Errc::Conflict};
    case GIT_ELOCKED: return {Errc::Conflict, true};
    case GIT_EUSER: return {Errc::Cancelled};
    case GIT_EINVALIDSPEC: return {Errc::UserFault};
    case GIT_EEOF: return {Errc::Unavailable, true};
    default: return classify_class(error_class);
  }
}

// libgit2 1.5 tells an HTTP status only in the text of its error.
int http_status(int error_class, std::string_view text) {
  constexpr std::string_view kMark = "unexpected http status code: ";
  if (text.starts_with("remote authentication required") ||
      text.starts_with("server requires authentication")) {
    return kUnauthorized;
  }
  const std::size_t at = text.find(kMark);
  if (error_class != GIT_ERROR_HTTP || at == std::string_view::npos) return 0;
  const std::string_view digits = text.substr(at + kMark.size());
  int status = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), status);
  return status;
}

/// TLS libraries tell each fault of a certificate in a line of its own.
std::string in_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c != '\n') {
      line += c;
    } else if (!line.ends_with("; ")) {
      line += "; ";
    }
  }
  if (line.ends_with("; ")) line.resize(line.size() - 2);
  return line;
}

}  // namespace

static_assert(kUntrusted == GIT_ECERTIFICATE);

Error native_error(int code, std::string_view what) {
  const git_error* last = git_error_last();
  const std::string text = last != nullptr && last->message != nullptr ? last->message : "failed";
  const int error_class = last != nullptr ? last->klass : GIT_ERROR_NONE;
  const int status = http_status(error_class, text);
  const Classified classified = classify(code, error_class, status, text);
  return Error(classified.code, std::string(what) + ": " + in_one_line(text))
      .with_native(status != 0 ? status : code)
      .with_retryable(classified.retryable);
}

}  // namespace ostler::git
