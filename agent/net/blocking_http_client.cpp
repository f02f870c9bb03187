// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>

#include "base/assert.hpp"
#include "net/http_client.hpp"
#include "net/http_transfer.hpp"

namespace ostler::net {

/// One easy handle; libcurl keeps its connections in it across resets.
class BlockingHttpClient::Session {
 public:
  explicit Session(HttpClientOptions options) : options_(std::move(options)) {
    initialize_curl();
    easy_ = curl_easy_init();
    OSTLER_ASSERT(easy_ != nullptr);
  }
  ~Session() { curl_easy_cleanup(easy_); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Result<HttpResponse> send(const HttpRequest& request) {
    OSTLER_TRY(auto transfer, HttpTransfer::prepare(easy_, request, options_));
    return transfer->finish(curl_easy_perform(easy_));
  }

 private:
  HttpClientOptions options_;
  CURL* easy_;
};

BlockingHttpClient::BlockingHttpClient(HttpClientOptions options)
    : session_(std::make_unique<Session>(std::move(options))) {}
BlockingHttpClient::~BlockingHttpClient() = default;
BlockingHttpClient::BlockingHttpClient(BlockingHttpClient&&) noexcept = default;
BlockingHttpClient& BlockingHttpClient::operator=(BlockingHttpClient&&) noexcept = default;

Result<HttpResponse> BlockingHttpClient::send(const HttpRequest& request) {
  return session_->send(request);
}

}  // namespace ostler::net
