// SPDX-License-Identifier: Apache-2.0
#include "cli/http_recorder.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/ascii.hpp"
#include "plugin_host/http_head.hpp"
#include "plugin_host/http_secrets.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::cli {

using plugin_host::CallDone;

namespace {

constexpr std::size_t kMostRecorded = 8u << 20;  // bytes of all bodies
constexpr std::size_t kMostExchanges = 10'000;

/// What such a header says is for one client, or for one connection.
constexpr std::string_view kPrivateParts[] = {"auth", "cookie", "credential", "csrf",
                                              "key",  "secret", "session",    "token"};
constexpr std::string_view kHeadersOfConnection[] = {
    "alt-svc", "connection", "content-length",    "date",   "keep-alive",
    "trailer", "server",     "transfer-encoding", "upgrade"};

bool is_private(const std::string& header) {
  const std::string name = lower_case(header);
  return std::ranges::any_of(kPrivateParts,
                             [&](std::string_view part) { return name.find(part) != name.npos; });
}

bool is_of_connection(const std::string& header) {
  return std::ranges::find(kHeadersOfConnection, lower_case(header)) !=
         std::end(kHeadersOfConnection);
}

net::HttpHeaders headers_of_request(std::string_view lines) {
  net::HttpHeaders headers;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    const std::string name(line.substr(0, line.find(':')));
    const std::size_t value = line.find_first_not_of(" \t", name.size() + 1);
    const bool names_secret = line.find(plugin_host::kSecretBegin) != line.npos;
    if (value < line.size() && (names_secret || !is_private(name))) {
      headers.emplace_back(name, line.substr(value));
    }
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return headers;
}

HttpExchange exchange_of(const std::vector<std::string>& arguments) {
  HttpExchange exchange;
  exchange.method = arguments[0];
  exchange.url = arguments[1];
  exchange.headers = headers_of_request(arguments[2]);
  if (!arguments[3].empty()) exchange.body = arguments[3];
  return exchange;
}

/// Whether a server's doing, or that of the way to it, has become of a request; what the host
/// refuses it refuses in a case, too.
bool is_failure_of_server(Errc code) {
  return code == Errc::Unavailable || code == Errc::Timeout || code == Errc::Internal;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

void HttpRecorder::hide(const std::string& name, const std::string& value) {
  const std::string json =
      nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  for (const std::string& form :
       {value, wire::percent_encode(value), json.substr(1, json.size() - 2)}) {
    if (!form.empty()) hidden_.emplace(form, name);
  }
}

CallDone HttpRecorder::record_send(const std::vector<std::string>& arguments,
                                   const std::string& body_sha256, CallDone done) {
  const std::size_t number = sent_.size();
  sent_.push_back({exchange_of(arguments)});
  sent_.back().exchange.body_sha256 = body_sha256;
  size_ += arguments[3].size();
  return [this, number, done = std::move(done)](Result<std::string> found) {
    take_head(sent_[number], number, found);
    done(std::move(found));
  };
}

void HttpRecorder::take_head(Sent& sent, std::size_t number, const Result<std::string>& found) {
  if (!found) {
    sent.is_answered = is_failure_of_server(found.error().code());
    sent.exchange.failure = found.error();
    return;
  }
  sent.is_answered = true;
  plugin_host::HttpHead head = plugin_host::read_http_head(found.value());
  std::erase_if(head.headers, [](const auto& header) {
    return is_private(header.first) || is_of_connection(header.first);
  });
  sent.exchange.answer = {head.status, std::move(head.headers), ""};
  open_.insert_or_assign(head.name, number);
}

CallDone HttpRecorder::record_read(const std::string& request, CallDone done) {
  return [this, request, done = std::move(done)](Result<std::string> found) {
    take_piece(request, found);
    done(std::move(found));
  };
}

/// A body that breaks off makes a failure of the whole request: a record knows no halves.
void HttpRecorder::take_piece(const std::string& request, const Result<std::string>& found) {
  const auto place = open_.find(request);
  if (place == open_.end()) return;
  HttpExchange& exchange = sent_[place->second].exchange;
  if (!found && is_failure_of_server(found.error().code())) exchange.failure = found.error();
  if (!found) return;
  size_ += found.value().size();
  if (size_ <= kMostRecorded) exchange.answer.body += found.value();
}

std::string HttpRecorder::hidden(std::string text) const {
  for (const auto& [form, name] : hidden_) replace_all(text, form, name);
  return text;
}

HttpExchange HttpRecorder::hidden(HttpExchange exchange) const {
  exchange.url = hidden(std::move(exchange.url));
  if (exchange.body) exchange.body = hidden(std::move(*exchange.body));
  exchange.answer.body = hidden(std::move(exchange.answer.body));
  for (auto* headers : {&exchange.headers, &exchange.answer.headers}) {
    for (auto& [name, value] : *headers) value = hidden(std::move(value));
  }
  if (exchange.failure) {
    exchange.failure = Error(exchange.failure->code(), hidden(exchange.failure->message()));
  }
  return exchange;
}

Result<std::vector<HttpExchange>> HttpRecorder::exchanges() const {
  if (size_ > kMostRecorded || sent_.size() > kMostExchanges) {
    return Error(Errc::UserFault,
                 "a record has at most 8 MiB of bodies and 10,000 requests; ask for less");
  }
  std::vector<HttpExchange> exchanges;
  for (const Sent& sent : sent_) {
    if (sent.is_answered) exchanges.push_back(hidden(sent.exchange));
  }
  return exchanges;
}

}  // namespace ostler::cli
