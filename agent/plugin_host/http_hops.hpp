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
};

/// Arguments of `send`: method, URL, headers ("Name: value", one a line), body, total and idle
/// milliseconds (0: none), allowed hosts (one a line), "1" when a header holds a secret.
/// Errors: UserFault for what is none of these; Denied for a host that is not allowed.
Result<PluginHttpRequest> read_http_request(const std::vector<std::string>& arguments);

/// Makes one request and follows no redirect, as net::HttpClient::send.
using HttpHop = std::function<Result<net::HttpResponse>(const net::HttpRequest&)>;

/// Sends it by `hop`, and follows up to ten redirects, each to an allowed host; to another origin
/// without the plugin's headers. Errors: as net::HttpClient::send; Denied.
Result<net::HttpResponse> send_with_redirects(PluginHttpRequest request, const HttpHop& hop);
/// The same over the network.
Result<net::HttpResponse> send_with_redirects(PluginHttpRequest request);

}  // namespace ostler::plugin_host
