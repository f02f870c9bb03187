// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/http.h>

#include <chrono>
#include <cstddef>
#include <ostler/cpp/call.hpp>
#include <string>
#include <utility>

namespace ostler {

/// A request that the host makes; see ostler_http_request.
struct HttpRequest {
  std::string url;
  std::string method = "GET";
  std::string headers = {};  ///< "Name: value", one a line; "{secret:NAME}" in a value
  std::string body = {};
  std::chrono::nanoseconds total = std::chrono::minutes(1);  ///< 0: none
  std::chrono::nanoseconds idle = std::chrono::seconds(30);  ///< 0: none
  int most_attempts = 1;     ///< sent again where the server is away or overloaded, within `total`
  bool repeats_all = false;  ///< also a POST or PATCH, which the server may then do twice
  std::string body_file = {};  ///< path of a file, of the workspace or scratch, in place of `body`
};

/// Its answer, whose body is read while it comes. Its functions throw CallFailed.
class HttpAnswer {
 public:
  HttpAnswer(const ostler_host_t* host, const std::string& head) : host_(host) {
    const std::size_t line = head.find('\n');
    const std::size_t blank = head.find(' ');
    status_ = std::stoi(head);
    name_ = head.substr(blank + 1, line - blank - 1);
    headers_ = head.substr(line + 1);
  }
  HttpAnswer(HttpAnswer&& other) noexcept
      : host_(other.host_),
        status_(other.status_),
        name_(std::exchange(other.name_, {})),
        headers_(std::move(other.headers_)) {}
  HttpAnswer& operator=(HttpAnswer&&) = delete;
  ~HttpAnswer() {
    if (!name_.empty()) ostler_http_close(host_, to_text(name_), nullptr);
  }

  int status() const { return status_; }
  bool ok() const { return status_ >= 200 && status_ < 300; }
  /// "Name: value", one a line.
  const std::string& headers() const { return headers_; }
  /// The next bytes, as soon as some are there; none at the end.
  std::string read() {
    detail::Kept piece;
    detail::Kept error;
    detail::require(ostler_http_read(host_, to_text(name_), piece.sink(), error.sink()), error);
    return std::move(piece).text();
  }
  /// All that is left.
  std::string text() {
    std::string all;
    for (std::string piece = read(); !piece.empty(); piece = read()) all += piece;
    return all;
  }

 private:
  const ostler_host_t* host_;
  int status_ = 0;
  std::string name_;  ///< empty: moved away
  std::string headers_;
};

namespace detail {

/// Borrows the texts of `request`.
inline ostler_http_request_t table_of(const HttpRequest& request) {
  ostler_http_request_t table{};
  table.struct_size = sizeof table;
  table.method = to_text(request.method);
  table.url = to_text(request.url);
  table.headers = to_text(request.headers);
  table.body = to_text(request.body);
  table.total_ns = request.total.count();
  table.idle_ns = request.idle.count();
  table.most_attempts = request.most_attempts;
  table.repeats_all = request.repeats_all ? 1 : 0;
  table.body_file = to_text(request.body_file);
  return table;
}

}  // namespace detail

}  // namespace ostler
