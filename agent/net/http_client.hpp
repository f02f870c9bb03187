// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "net/http_message.hpp"

namespace ostler::net {

struct HttpClientOptions {
  std::string user_agent = "ostler";
  bool http2 = true;  ///< offer HTTP/2 over TLS
  /// IP networks (model::are_ip_networks) with which no connection is made, whatever name leads
  /// there: Denied. Proxies are bound by it too.
  std::string forbidden_networks{};
};

/// HTTP client over libcurl: one pool of connections and one TLS context, any number of requests
/// at once. Follows up to 10 redirects; obeys HTTP_PROXY, HTTPS_PROXY and NO_PROXY; verifies
/// certificates against the system's store, or what SSL_CERT_FILE and SSL_CERT_DIR name; inflates
/// answers.
class HttpClient {
 public:
  explicit HttpClient(const boost::asio::any_io_executor& executor, HttpClientOptions options = {});
  /// Requires: no request under way.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Sends one request. A status of 400 or 500 is an answer, not an error.
  /// Errors: Unavailable (retryable: refused, reset, name not found, cut short), Timeout
  /// (retryable), Denied (certificate not trusted), Protocol (not HTTP; answer over the limit),
  /// NotFound (body file), UserFault (URL), Cancelled.
  /// Runs on: any executor. Cancel (any strength): the connection is dropped; Errc::Cancelled.
  boost::asio::awaitable<Result<HttpResponse>> send(HttpRequest request);

 private:
  class Loop;
  std::shared_ptr<Loop> loop_;
};

/// The same for commands that do one thing at a time; keeps its connections between requests.
/// Not thread-safe.
class BlockingHttpClient {
 public:
  explicit BlockingHttpClient(HttpClientOptions options = {});
  ~BlockingHttpClient();
  BlockingHttpClient(BlockingHttpClient&&) noexcept;
  BlockingHttpClient& operator=(BlockingHttpClient&&) noexcept;

  /// As HttpClient::send.
  Result<HttpResponse> send(const HttpRequest& request);

 private:
  class Session;
  std::unique_ptr<Session> session_;
};

}  // namespace ostler::net
