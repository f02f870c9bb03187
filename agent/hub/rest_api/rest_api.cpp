// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/rest_api.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "diag/log.hpp"
#include "hub/rest_api/responses.hpp"
#include "hub/rest_api/routes.hpp"
#include "wire/rest_account.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::string_view kGraphql = "graphql";  ///< its route, and its scope among the limits
constexpr std::string_view kBearer = "bearer ";

/// The token of "Authorization: Bearer <token>"; empty when there is none.
std::string bearer_token(std::string_view header) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
  if (header.size() < kBearer.size() ||
      !std::ranges::equal(header.substr(0, kBearer.size()), kBearer, same)) {
    return {};
  }
  header.remove_prefix(kBearer.size());
  const std::size_t begin = header.find_first_not_of(' ');
  return begin == std::string_view::npos ? std::string() : std::string(header.substr(begin));
}

net::ServerResponse unauthorized() {
  net::ServerResponse response = message(
      401, "Authentication required: send a valid API token as \"Authorization: Bearer <token>\"");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

/// Whether clients know the call from REST's first version. Source: rest-api, 15.
bool was_removed(std::string_view method, std::span<const std::string> path) {
  const bool is_of_agents = path.size() >= 3 && path[0] == "organizations" && path[2] == "agents";
  return is_of_agents &&
         ((method == "POST" && path.size() == 3) || (method == "DELETE" && path.size() == 4));
}

net::ServerResponse method_not_allowed(const OtherMethods& others) {
  net::ServerResponse response = message(405, "Method Not Allowed; allowed here: " + others.allow);
  response.headers.emplace_back("Allow", others.allow);
  return response;
}

/// What a browser asks before it sends a request with a token from another page.
net::ServerResponse preflight(const RouteSearch& search) {
  if (std::holds_alternative<NoSuchPath>(search)) return message(404, "Not Found");
  net::ServerResponse response{.status = 204};
  response.headers = {
      {"Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"},
      {"Access-Control-Allow-Headers",
       "Accept, Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Range"},
      {"Access-Control-Max-Age", "86400"}};
  return response;
}

/// Source: rest-api, 4.
net::ServerResponse too_many(const RateWindow& window) {
  net::ServerResponse response =
      json(429, wire::encode_rest_rate_refusal(window.limit, window.used, window.reset.count()));
  response.headers.emplace_back("Retry-After", std::to_string(window.reset.count()));
  return response;
}

/// One token is one user of one organization here, so both windows are the same, and that of
/// GraphQL is that of REST: a document counts as one call.
void add_rate_headers(const RateWindow& window, std::string_view kind,
                      net::ServerResponse& response) {
  if (window.limit == 0) return;
  const auto remaining = std::max<std::int64_t>(0, window.limit - window.used);
  for (const auto& [prefix, suffix] :
       {std::pair("RateLimit-", ""), std::pair("RateLimit-User-", "_user")}) {
    const std::string name(prefix);
    response.headers.emplace_back(name + "Scope", std::string(kind) + suffix);
    response.headers.emplace_back(name + "Limit", std::to_string(window.limit));
    response.headers.emplace_back(name + "Remaining", std::to_string(remaining));
    response.headers.emplace_back(name + "Reset", std::to_string(window.reset.count()));
  }
}

/// Who calls. None: nobody whom the hub knows.
boost::asio::awaitable<Result<std::optional<store::ApiHolder>>> identify(
    const Backend& backend, const net::ServerRequest& request) {
  const std::string token = bearer_token(request.header("Authorization"));
  if (token.empty()) co_return std::optional<store::ApiHolder>();
  auto holder = co_await backend.store.authenticate(Secret(token), backend.clock.now());
  if (!holder) {
    if (holder.error().code() == Errc::Denied) co_return std::optional<store::ApiHolder>();
    co_return std::move(holder).error();
  }
  auto* api_holder = std::get_if<store::ApiHolder>(&holder.value());
  if (!api_holder) co_return std::optional<store::ApiHolder>();
  co_return std::optional(std::move(*api_holder));
}

bool is_granted(const store::ApiHolder& holder, std::string_view scope) {
  return scope == kAnyToken || std::ranges::find(holder.scopes, scope) != holder.scopes.end();
}

/// The address of a request, without its query and a slash at its end.
std::string address(const Backend& backend, std::span<const std::string> segments) {
  std::string url = backend.public_url;
  for (const std::string& segment : segments) url += '/' + wire::percent_encode(segment);
  return url;
}

/// None: the header is not there, which is not the same as empty.
std::optional<std::string> value_of(const net::ServerRequest& request, std::string_view header) {
  const std::string_view value = request.header(header);
  return value.data() == nullptr ? std::nullopt : std::optional(std::string(value));
}

Call make_call(const Backend& backend, const net::ServerRequest& request, RouteMatch match) {
  return Call{.method = request.method,
              .url = address(backend, request.parts.segments),
              .parameters = std::move(match.parameters),
              .query = Query(request.parts.query),
              .accept = std::string(request.header("Accept")),
              .range = std::string(request.header("Range")),
              .last_event_id = std::string(request.header("Last-Event-ID")),
              .idempotency_key = value_of(request, "Idempotency-Key"),
              .peer = request.peer};
}

bool carries_body(std::string_view method) { return method != "GET" && method != "HEAD"; }

void log_refusal(const net::ServerRequest& request, const Route* route, int status,
                 const std::string& why) {
  diag::debug("a call is refused", {{"method", request.method},
                                    {"path", route ? std::string(route->pattern) : ""},
                                    {"status", std::to_string(status)},
                                    {"error", why}});
}

void log_failure(const net::ServerRequest& request, const Route* route, const Error& error,
                 int status) {
  if (error.code() != Errc::Internal && error.code() != Errc::Corrupt) {
    return log_refusal(request, route, status, error.message());
  }
  diag::error("request failed",
              {{"method", request.method}, {"target", request.target}, {"error", error.message()}});
}

void add_common_headers(net::ServerResponse& response) {
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  response.headers.emplace_back("Access-Control-Expose-Headers", "Link, Ostler-Last-Event-Id");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Cache-Control", "no-store");
}

}  // namespace

boost::asio::awaitable<net::ServerResponse> RestApi::handle(net::ServerRequest& request) {
  Progress progress;
  auto answered = co_await answer(request, progress);
  const Route* const route = progress.route;
  if (!answered) {
    const Error error = answered.error();
    answered = error_response(error);
    log_failure(request, route, error, answered.value().status);
  } else if (answered.value().status >= 400) {
    log_refusal(request, route, answered.value().status, "");
  }
  net::ServerResponse response = std::move(answered).value();
  add_common_headers(response);
  const bool is_graphql = route && route->pattern == kGraphql;
  add_rate_headers(progress.window, is_graphql ? kGraphql : "rest", response);
  if (is_graphql) response.headers.emplace_back("RateLimit-Complexity-Requested", "1");
  co_return response;
}

Answer RestApi::counted(const net::ServerRequest& request, Progress& progress,
                        net::ServerResponse refusal) {
  OSTLER_CO_TRY(const auto caller, co_await identify(backend_, request));
  if (!caller) co_return refusal;
  progress.window = limiter_.take(caller->token);
  if (progress.window.is_exceeded()) co_return too_many(progress.window);
  co_return refusal;
}

Answer RestApi::answer(net::ServerRequest& request, Progress& progress) {
  progress.window = limiter_.untouched();
  const std::span<const std::string> segments(request.parts.segments);
  if (segments.empty() || segments.front() != "v2") co_return not_found();
  const bool is_preflight = request.method == "OPTIONS";
  RouteSearch search = find_route(routes(), request.method, segments.subspan(1));
  if (is_preflight) co_return preflight(search);
  if (std::holds_alternative<NoSuchPath>(search)) {
    co_return co_await counted(request, progress, message(404, "Not Found"));
  }
  if (const auto* others = std::get_if<OtherMethods>(&search)) {
    const bool gone = was_removed(request.method, segments.subspan(1));
    co_return co_await counted(request, progress,
                               gone ? message(404, "Not Found") : method_not_allowed(*others));
  }
  progress.route = std::get<RouteMatch>(search).route;
  const Route& route = *progress.route;
  Call call = make_call(backend_, request, std::move(std::get<RouteMatch>(search)));
  if (route.scope != kNoToken) {
    OSTLER_CO_TRY(auto caller, co_await identify(backend_, request));
    if (!caller) co_return unauthorized();
    call.caller = std::move(*caller);
    progress.window = call.window = limiter_.take(call.caller.token);
    if (call.window.is_exceeded()) co_return too_many(call.window);
    if (!is_granted(call.caller, route.scope)) {
      co_return message(403, "Forbidden: the token lacks the scope " + std::string(route.scope));
    }
  }
  if (route.streams_body) {
    call.body_stream = request.body;
  } else if (carries_body(request.method)) {
    OSTLER_CO_TRY(call.body, co_await net::read_whole(*request.body, kBodyLimit));
  }
  co_return co_await route.handler(backend_, std::move(call));
}

}  // namespace ostler::rest_api
