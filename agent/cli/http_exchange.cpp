// SPDX-License-Identifier: Apache-2.0
#include "cli/http_exchange.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "base/joined.hpp"
#include "base/utf8.hpp"
#include "files/file.hpp"
#include "plugin_host/json_value.hpp"
#include "plugin_host/unknown_keys.hpp"

namespace ostler::cli {

using nlohmann::ordered_json;
using plugin_host::JsonValue;
using Type = JsonValue::Type;

namespace {

constexpr std::size_t kLongestExchanges = 64u << 20;  // bytes of a file
constexpr std::pair<const char*, Errc> kFailures[] = {
    {"unavailable", Errc::Unavailable}, {"timeout", Errc::Timeout}, {"failed", Errc::Internal}};
constexpr mode_t kExchangesMode = 0644;

Error exchange_fault(const std::string& what) { return {Errc::UserFault, what}; }

Result<void> check_members(const JsonValue& object, const char* name,
                           const std::vector<std::string_view>& known) {
  if (object.type != Type::Object) return exchange_fault(std::string(name) + " is no object");
  std::vector<std::string> faults;
  plugin_host::refuse_unknown(object, known, std::string(name) + "/", faults);
  if (faults.empty()) return success();
  return exchange_fault(joined(faults, "; "));
}

Result<std::string> text_member(const JsonValue& object, const char* name) {
  const JsonValue* value = object.member(name);
  if (value == nullptr) return exchange_fault(std::string(name) + " is missing");
  if (value->type == Type::String) return value->text;
  return exchange_fault(std::string(name) + " is no text");
}

/// "body", or "body_base64" where it is no text.
Result<std::optional<std::string>> read_body(const JsonValue& object) {
  const bool is_text = object.member("body") != nullptr;
  const bool is_encoded = object.member("body_base64") != nullptr;
  if (is_text && is_encoded) return exchange_fault("body and body_base64 exclude each other");
  if (!is_text && !is_encoded) return std::optional<std::string>();
  OSTLER_TRY(std::string text, text_member(object, is_text ? "body" : "body_base64"));
  if (is_text) return std::optional(std::move(text));
  auto bytes = decode_base64(text);
  if (!bytes) return exchange_fault("body_base64 is no base64");
  return bytes;
}

Result<net::HttpHeaders> read_header_members(const JsonValue& object) {
  net::HttpHeaders headers;
  const JsonValue* given = object.member("headers");
  if (given == nullptr) return headers;
  if (given->type != Type::Object) return exchange_fault("headers is no object");
  for (const auto& [name, value] : given->members) {
    const bool is_line = value.type == Type::String &&
                         (name + value.text).find_first_of("\r\n") == std::string::npos;
    if (!is_line) return exchange_fault("headers/" + name + " is no text of one line");
    headers.emplace_back(name, value.text);
  }
  return headers;
}

Result<void> read_body_digest(const JsonValue& request, HttpExchange& exchange) {
  if (request.member("body_sha256") == nullptr) return success();
  OSTLER_TRY(exchange.body_sha256, text_member(request, "body_sha256"));
  const bool is_digest =
      exchange.body_sha256.size() == 64 &&
      exchange.body_sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!is_digest) return exchange_fault("body_sha256 is not 64 digits of lower-case hex");
  if (!exchange.body) return success();
  return exchange_fault("a request has body_sha256 or its body, not both");
}

Result<void> read_request(const JsonValue& request, HttpExchange& exchange) {
  OSTLER_TRY(check_members(request, "request",
                           {"method", "url", "headers", "body", "body_base64", "body_sha256"}));
  exchange.method = "GET";
  if (request.member("method") != nullptr) {
    OSTLER_TRY(exchange.method, text_member(request, "method"));
  }
  OSTLER_TRY(exchange.url, text_member(request, "url"));
  OSTLER_TRY(exchange.headers, read_header_members(request));
  OSTLER_TRY(exchange.body, read_body(request));
  return read_body_digest(request, exchange);
}

Result<void> read_response(const JsonValue& response, HttpExchange& exchange) {
  OSTLER_TRY(check_members(response, "response", {"status", "headers", "body", "body_base64"}));
  const JsonValue* status = response.member("status");
  const bool is_status = status != nullptr && status->type == Type::Number &&
                         status->text.size() == 3 && status->text >= "200" && status->text < "600";
  if (!is_status) return exchange_fault("status is no number from 200 to 599");
  exchange.answer.status = std::stoi(status->text);
  OSTLER_TRY(exchange.answer.headers, read_header_members(response));
  OSTLER_TRY(auto body, read_body(response));
  exchange.answer.body = std::move(body).value_or("");
  return success();
}

Result<void> read_failure(const JsonValue& failure, HttpExchange& exchange) {
  OSTLER_TRY(check_members(failure, "failure", {"status", "message"}));
  OSTLER_TRY(const std::string status, text_member(failure, "status"));
  OSTLER_TRY(std::string message, text_member(failure, "message"));
  for (const auto& [name, code] : kFailures) {
    if (status == name) exchange.failure = Error(code, std::move(message));
  }
  if (exchange.failure) return success();
  return exchange_fault("failure/status is unavailable, timeout or failed, not " + status);
}

Result<HttpExchange> read_exchange(const JsonValue& value) {
  OSTLER_TRY(check_members(value, "exchange", {"request", "response", "failure"}));
  const JsonValue* request = value.member("request");
  const JsonValue* response = value.member("response");
  const JsonValue* failure = value.member("failure");
  if (request == nullptr) return exchange_fault("request is missing");
  if ((response == nullptr) == (failure == nullptr)) {
    return exchange_fault("either response or failure is needed");
  }
  HttpExchange exchange;
  OSTLER_TRY(read_request(*request, exchange));
  if (failure != nullptr) {
    OSTLER_TRY(read_failure(*failure, exchange));
  } else {
    OSTLER_TRY(read_response(*response, exchange));
  }
  return exchange;
}

Result<std::vector<HttpExchange>> parse_exchanges(const std::string& text) {
  std::vector<HttpExchange> exchanges;
  OSTLER_TRY(const JsonValue all, plugin_host::parse_json(text, {.size = kLongestExchanges}));
  if (all.type != Type::Array) return exchange_fault("this is no array of exchanges");
  for (const JsonValue& value : all.items) {
    auto exchange = read_exchange(value);
    if (!exchange) {
      return std::move(exchange).error().with_context("/" + std::to_string(exchanges.size()));
    }
    exchanges.push_back(std::move(exchange).value());
  }
  return exchanges;
}

ordered_json headers_object(const net::HttpHeaders& headers) {
  ordered_json object = ordered_json::object();
  for (const auto& [name, value] : headers) {
    const bool is_second = object.contains(name);
    object[name] = is_second ? object[name].get<std::string>() + ", " + value : value;
  }
  return object;
}

void put_body(ordered_json& object, const std::string& body) {
  if (valid_utf8_prefix(body) == body.size()) {
    object["body"] = body;
  } else {
    object["body_base64"] = base64(body);
  }
}

ordered_json exchange_object(const HttpExchange& exchange) {
  ordered_json request = {{"method", exchange.method}, {"url", exchange.url}};
  if (!exchange.headers.empty()) request["headers"] = headers_object(exchange.headers);
  if (exchange.body) put_body(request, *exchange.body);
  if (!exchange.body_sha256.empty()) request["body_sha256"] = exchange.body_sha256;
  if (exchange.failure) {
    const auto known = std::ranges::find(kFailures, exchange.failure->code(),
                                         &std::pair<const char*, Errc>::second);
    return {{"request", request},
            {"failure", {{"status", known->first}, {"message", exchange.failure->message()}}}};
  }
  ordered_json response = {{"status", exchange.answer.status},
                           {"headers", headers_object(exchange.answer.headers)}};
  put_body(response, exchange.answer.body);
  return {{"request", request}, {"response", response}};
}

}  // namespace

Result<std::vector<HttpExchange>> read_exchanges(const std::filesystem::path& file) {
  const auto text = files::read_file(file, kLongestExchanges);
  if (!text && text.error().code() == Errc::NotFound) return std::vector<HttpExchange>();
  if (!text) return text.error();
  auto exchanges = parse_exchanges(text.value());
  if (!exchanges) return std::move(exchanges).error().with_context(file.filename().string());
  return exchanges;
}

Result<void> write_exchanges(const std::filesystem::path& file,
                             const std::vector<HttpExchange>& exchanges) {
  ordered_json all = ordered_json::array();
  for (const HttpExchange& exchange : exchanges) all.push_back(exchange_object(exchange));
  constexpr auto kReplace = ordered_json::error_handler_t::replace;
  return files::write_file_atomically(file, all.dump(2, ' ', false, kReplace) + "\n",
                                      kExchangesMode);
}

}  // namespace ostler::cli
