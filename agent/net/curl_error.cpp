// SPDX-License-Identifier: Apache-2.0
#include "net/curl_error.hpp"

#include <curl/curl.h>

#include <string>

namespace ostler::net {
namespace {

Errc code_of(int code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return Errc::Timeout;
    case CURLE_ABORTED_BY_CALLBACK: return Errc::Cancelled;
    case CURLE_URL_MALFORMAT: return Errc::UserFault;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE: return Errc::Denied;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return Errc::Unavailable;
    case CURLE_UNSUPPORTED_PROTOCOL:  // also what an answer that is not HTTP comes to
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_TOO_MANY_REDIRECTS: return Errc::Protocol;
    default: return Errc::Internal;
  }
}

/// A peer that answers nonsense may be a proxy in trouble: worth another try, as a lost answer is.
bool heals(int code, Errc kind) {
  return kind == Errc::Unavailable || kind == Errc::Timeout ||
         (kind == Errc::Protocol && code != CURLE_TOO_MANY_REDIRECTS);
}

}  // namespace

Error curl_error(int code, std::string_view detail) {
  const Errc kind = code_of(code);
  std::string message(detail);
  if (message.empty()) message = curl_easy_strerror(static_cast<CURLcode>(code));
  return Error(kind, std::move(message)).with_retryable(heals(code, kind));
}

}  // namespace ostler::net
