// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/http_hops.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "base/split_lines.hpp"
#include "plugin_host/http_body.hpp"
#include "plugin_host/http_deadline.hpp"
#include "plugin_host/http_permission.hpp"
#include "plugin_host/http_service.hpp"

namespace ostler::plugin_host {

using std::chrono::milliseconds;

namespace {

constexpr std::size_t kHosts = kHttpFile + 1;  // which of the arguments
constexpr std::size_t kHoldsSecret = kHosts + 1;
constexpr std::size_t kKeepsRedirects = kHosts + 2;
constexpr std::size_t kRoots = kHosts + 3;  // and behind it
constexpr int kMostRedirects = 10;
constexpr std::size_t kLongestRedirect = 1u << 20;  // body of one

/// What the connection is about; ours to say.
constexpr std::string_view kOwnHeaders[] = {"connection",
                                            "content-length",
                                            "expect",
                                            "host",
                                            "keep-alive",
                                            "te",
                                            "trailer",
                                            "upgrade",
                                            "transfer-encoding",
                                            "proxy-authorization"};

std::vector<std::string> filled_lines(const std::string& text) {
  auto lines = split_lines(text);
  std::erase(lines, "");
  return lines;
}

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  const auto fits = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != kMarks.npos;
  };
  return !text.empty() && std::ranges::all_of(text, fits);
}

Result<net::HttpHeaders> read_headers(const std::string& text) {
  net::HttpHeaders headers;
  for (const std::string& line : filled_lines(text)) {
    const std::size_t colon = line.find(':');
    const std::string name = line.substr(0, colon);
    const bool has_control = std::ranges::any_of(
        line, [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; });
    if (colon == line.npos || !is_token(name) || has_control) {
      return Error(Errc::UserFault, "a header is \"Name: value\": " + name);
    }
    if (std::ranges::find(kOwnHeaders, lower_case(name)) != std::end(kOwnHeaders)) {
      return Error(Errc::UserFault, "the host sets this header: " + name);
    }
    const std::size_t value = line.find_first_not_of(" \t", colon + 1);
    headers.emplace_back(name, value == line.npos ? "" : line.substr(value));
  }
  return headers;
}

Result<net::HttpBody> read_body(const std::vector<std::string>& arguments) {
  const std::string& path = arguments[kHttpFile];
  if (path.empty()) return net::HttpBody(arguments[kHttpBody]);
  if (!arguments[kHttpBody].empty()) {
    return Error(Errc::UserFault, "a request has a body or a file as its body, not both: " + path);
  }
  if (arguments[0] == "HEAD") return Error(Errc::UserFault, "HEAD has no body: " + path);
  StepRoots roots;
  for (std::size_t at = kRoots; at < arguments.size(); ++at) roots.push_back({arguments[at]});
  OSTLER_TRY(auto body, open_http_body(roots, path));
  return net::HttpBody(std::move(body));
}

/// What is left of the time for all hops; zero: no limit.
Result<milliseconds> time_left(const PluginHttpRequest& asked, milliseconds total,
                               std::chrono::steady_clock::time_point begin) {
  if (total.count() == 0) return total;
  const auto used =
      std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
  if (used < total) return total - used;
  return Error(Errc::Timeout, asked.request.method + " " + asked.request.url +
                                  ": redirects took the time of the request");
}

Result<net::UrlOrigin> check_url(const PluginHttpRequest& asked, const std::string& url) {
  OSTLER_TRY(net::UrlOrigin origin, net::origin_of_url(url));
  if (!is_permitted(origin, asked.allowed)) {
    return Error(Errc::Denied,
                 "the plugin may not ask " + origin.host + ":" + std::to_string(origin.port) +
                     "; name it in \"permissions\": {\"http\": [...]} in plugin.json");
  }
  if (asked.holds_secret && origin.scheme != "https" && !net::is_loopback(origin)) {
    return Error(Errc::Denied, "a secret is not sent without TLS: " + url);
  }
  return origin;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// What browsers do: only 307 and 308 send the same again.
void turn(net::HttpRequest& request, int status) {
  const bool keeps = status == 307 || status == 308 || request.method == "HEAD" ||
                     (request.method == "GET" && status != 303);
  if (keeps) return;
  request.method = "GET";
  request.body = std::string();
  std::erase_if(request.headers, [](const auto& header) {
    return lower_case(header.first).starts_with("content-");
  });
}

}  // namespace

Result<PluginHttpRequest> read_http_request(const std::vector<std::string>& arguments) {
  if (arguments.size() < kRoots) {
    return Error(Errc::UserFault, "a request of http has six arguments or seven");
  }
  PluginHttpRequest asked;
  net::HttpRequest& request = asked.request;
  request.method = arguments[0];
  request.url = arguments[1];
  if (!is_token(request.method) || request.method == "CONNECT") {
    return Error(Errc::UserFault, "no method of HTTP: " + request.method);
  }
  OSTLER_TRY(request.headers, read_headers(arguments[kHttpHeaders]));
  OSTLER_TRY(request.total_timeout, read_deadline(arguments[4]));
  OSTLER_TRY(const milliseconds idle, read_deadline(arguments[kHttpIdle]));
  request.idle_timeout = std::chrono::ceil<std::chrono::seconds>(idle);
  request.response_limit = kLongestRedirect;
  request.follow_redirects = false;
  asked.allowed = filled_lines(arguments[kHosts]);
  asked.holds_secret = arguments[kHoldsSecret] == "1";
  asked.keeps_redirects = arguments[kKeepsRedirects] == "1";
  OSTLER_TRY(check_url(asked, request.url));
  OSTLER_TRY(request.body, read_body(arguments));
  return asked;
}

Result<net::HttpResponse> send_with_redirects(PluginHttpRequest asked) {
  net::BlockingHttpClient client({.user_agent = "ostler-plugin"});
  return send_with_redirects(std::move(asked), [&client](const net::HttpRequest& request) {
    return client.send(request);
  });
}

HttpHops::HttpHops(PluginHttpRequest asked)
    : asked_(std::move(asked)),
      total_(asked_.request.total_timeout),
      begin_(std::chrono::steady_clock::now()) {}

Result<net::HttpRequest> HttpHops::next() const {
  net::HttpRequest request = asked_.request;
  OSTLER_TRY(request.total_timeout, time_left(asked_, total_, begin_));
  OSTLER_TRY(check_url(asked_, request.url));
  return request;
}

Result<bool> HttpHops::follow(const net::HttpResponse& response) {
  net::HttpRequest& request = asked_.request;
  if (!is_redirect(response.status) || response.header("Location").empty()) return false;
  if (hop_++ == kMostRedirects) {
    return Error(Errc::Protocol, request.url + ": more than ten redirects");
  }
  OSTLER_TRY(const net::UrlOrigin origin, net::origin_of_url(request.url));
  turn(request, response.status);
  OSTLER_TRY(request.url, net::resolve_url(request.url, std::string(response.header("Location"))));
  OSTLER_TRY(const net::UrlOrigin next, net::origin_of_url(request.url));
  if (next != origin) {
    request.headers.clear();
    asked_.holds_secret = false;
  }
  return true;
}

Result<net::HttpResponse> send_with_redirects(PluginHttpRequest asked, const HttpHop& send_one) {
  const bool keeps_redirects = asked.keeps_redirects;
  HttpHops hops(std::move(asked));
  for (;;) {
    OSTLER_TRY(const net::HttpRequest request, hops.next());
    OSTLER_TRY(net::HttpResponse response, send_one(request));
    if (keeps_redirects) return response;
    OSTLER_TRY(const bool leads_on, hops.follow(response));
    if (!leads_on) return response;
  }
}

}  // namespace ostler::plugin_host
