// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/http_client.hpp"

namespace ostler::plugin_host {

/// A request of a plugin, with what it may reach.
struct PluginHttpRequest {
  net::HttpRequest request;          ///< of the first hop
  std::vector<std::string> allowed;  ///< patterns of http_permission.hpp
  bool holds_secret = false;         ///< a header does
  bool keeps_redirects = false;      ///< one is an answer
};

/// Arguments of `send`: method, URL, headers ("Name: value", one a line), body, total and idle
/// milliseconds (0: none), a file that is the body, or nothing; of append_reach() the allowed hosts
/// (one a line), "1" when a header holds a secret, "1" when a redirect is an answer as any other,
/// and the directories whose files may be sent.
/// Errors: UserFault for what is none of these; Denied for a host that is not allowed; as
/// open_http_body().
Result<PluginHttpRequest> read_http_request(const std::vector<std::string>& arguments);

/// The way of a request over its redirects: ten at most, each to an allowed host; to another origin
/// without the plugin's headers.
class HttpHops {
 public:
  explicit HttpHops(PluginHttpRequest asked);

  /// What is to be sent next, in the time that is left, and whether it holds a secret.
  /// Errors: Denied; Timeout.
  Result<net::HttpRequest> next() const;
  bool holds_secret() const { return asked_.holds_secret; }
  /// Whether the answer to it leads on. Errors: Protocol and others, for where it leads.
  Result<bool> follow(const net::HttpResponse& response);

 private:
  PluginHttpRequest asked_;
  std::chrono::milliseconds total_;
  std::chrono::steady_clock::time_point begin_;
  int hop_ = 0;
};

/// Makes one request and follows no redirect, as net::HttpClient::send.
using HttpHop = std::function<Result<net::HttpResponse>(const net::HttpRequest&)>;

/// Sends it by `hop`, along its HttpHops. Errors: as net::HttpClient::send and these.
Result<net::HttpResponse> send_with_redirects(PluginHttpRequest request, const HttpHop& hop);
/// The same over the network.
Result<net::HttpResponse> send_with_redirects(PluginHttpRequest request);

}  // namespace ostler::plugin_host
