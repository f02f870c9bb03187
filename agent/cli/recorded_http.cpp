// SPDX-License-Identifier: Apache-2.0
#include "cli/recorded_http.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "base/joined.hpp"
#include "crypto/digest.hpp"
#include "net/url.hpp"
#include "plugin_host/http_body.hpp"
#include "plugin_host/http_head.hpp"
#include "plugin_host/http_permission.hpp"
#include "plugin_host/http_secrets.hpp"

namespace ostler::cli {
namespace {

constexpr std::size_t kShownUrl = 2000;  // bytes

std::string shown(const std::string& method, const std::string& url) {
  return method + " " + url.substr(0, kShownUrl);
}

/// Redirects lead to URLs that name the port.
bool is_same_url(const std::string& one, const std::string& other) {
  if (one == other) return true;
  const auto whole = net::resolve_url(one, one);
  const auto other_whole = net::resolve_url(other, other);
  return whole && other_whole && whole.value() == other_whole.value();
}

/// "Bearer {secret:TOKEN}" as a plugin sends it in a case: "Bearer TOKEN".
Result<std::string> with_named_secrets(const std::string& headers) {
  OSTLER_TRY(const auto names, plugin_host::secrets_in_headers(headers));
  std::map<std::string, std::string> values;
  for (const std::string& name : names) values.emplace(name, name);
  return plugin_host::put_secrets(headers, values);
}

/// Of all headers of that name, as a record has them.
std::string values_of(const net::HttpHeaders& headers, const std::string& name) {
  std::vector<std::string> values;
  for (const auto& [header, value] : headers) {
    if (lower_case(header) == lower_case(name)) values.push_back(value);
  }
  return joined(values, ", ");
}

bool has_body(const HttpExchange& exchange, const net::HttpRequest& request) {
  const std::string wanted =
      exchange.body ? crypto::sha256_hex(*exchange.body) : exchange.body_sha256;
  if (wanted.empty()) return true;
  const auto digest = plugin_host::digest_of_body(request.body);
  return digest && digest.value() == wanted;
}

/// What of a request is not as the exchange has it; none: nothing.
std::string difference(const HttpExchange& exchange, const net::HttpRequest& request) {
  for (const auto& [name, value] : exchange.headers) {
    const auto line = with_named_secrets(name + ": " + value);
    const bool is_same = line && line.value() == name + ": " + values_of(request.headers, name);
    if (!is_same) return "the header " + name + " is another";
  }
  return has_body(exchange, request) ? "" : "the body is another";
}

}  // namespace

RecordedHttp::RecordedHttp(std::vector<HttpExchange> exchanges, plugin_host::HttpReach reach,
                           std::vector<std::string> secrets,
                           std::function<void(const std::string&)> tell)
    : reach_(std::move(reach)), secrets_(std::move(secrets)), tell_(std::move(tell)) {
  for (HttpExchange& exchange : exchanges) recorded_.push_back({std::move(exchange)});
}

Result<std::string> RecordedHttp::answer(std::string_view method,
                                         std::vector<std::string> arguments) {
  OSTLER_TRY(plugin_host::HttpService::check(std::string(method), arguments));
  if (method == "send") return send(std::move(arguments));
  if (method == "read") return read(arguments[0]);
  bodies_.erase(arguments[0]);
  return std::string();
}

Result<std::string> RecordedHttp::send(std::vector<std::string> arguments) {
  if (arguments[1].starts_with(plugin_host::kHubPattern)) {
    return Error(Errc::Unavailable,
                 "a case has no server that gave it a job: " + arguments[1].substr(0, kShownUrl));
  }
  OSTLER_TRY(const bool has_secret, name_secrets(arguments[plugin_host::kHttpHeaders]));
  append_reach(arguments, reach_, has_secret);
  OSTLER_TRY(auto asked, plugin_host::read_http_request(arguments));
  if (bodies_.size() == plugin_host::kMostOpenRequests) {
    return Error(Errc::Unavailable, "16 requests of the plugin are open; close one");
  }
  OSTLER_TRY(
      net::HttpResponse response,
      plugin_host::send_with_redirects(
          std::move(asked), [this](const net::HttpRequest& request) { return find(request); }));
  const std::string name = "recorded." + std::to_string(++last_name_);
  std::string head = plugin_host::http_head_text(name, response);
  bodies_.emplace(name, std::move(response.body));
  return head;
}

/// Puts each secret's name in its place; whether there is one.
Result<bool> RecordedHttp::name_secrets(std::string& headers) const {
  OSTLER_TRY(const auto names, plugin_host::secrets_in_headers(headers));
  for (const std::string& name : names) {
    OSTLER_TRY(plugin_host::check_secret(name, secrets_));
  }
  OSTLER_TRY(headers, with_named_secrets(headers));
  return !names.empty();
}

Result<net::HttpResponse> RecordedHttp::find(const net::HttpRequest& request) {
  std::string why;
  for (Recorded& recorded : recorded_) {
    const HttpExchange& exchange = recorded.exchange;
    const bool is_asked = !recorded.is_used && exchange.method == request.method &&
                          is_same_url(exchange.url, request.url);
    if (!is_asked) continue;
    const std::string differs = difference(exchange, request);
    if (why.empty()) why = differs;
    if (!differs.empty()) continue;
    recorded.is_used = true;
    if (exchange.failure) return *exchange.failure;
    return exchange.answer;
  }
  const std::string what =
      "not recorded: " + shown(request.method, request.url) + (why.empty() ? "" : ": " + why);
  tell_(what);
  return Error(Errc::Internal, what);
}

Result<std::string> RecordedHttp::read(const std::string& name) {
  const auto found = bodies_.find(name);
  if (found == bodies_.end()) return Error(Errc::NotFound, "no request of that name is open");
  std::string piece = found->second.substr(0, plugin_host::kLongestHttpPiece);
  found->second.erase(0, piece.size());
  return piece;
}

std::vector<std::string> RecordedHttp::unused() const {
  std::vector<std::string> unused;
  for (const Recorded& recorded : recorded_) {
    if (recorded.is_used) continue;
    unused.push_back(shown(recorded.exchange.method, recorded.exchange.url));
  }
  return unused;
}

}  // namespace ostler::cli
