// SPDX-License-Identifier: Apache-2.0
#include "net/http_request_parser.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace ostler::net {

namespace http = boost::beast::http;
using boost::system::error_code;

struct HttpRequestParser::State {
  http::request_parser<http::empty_body> parser;
};

namespace {

Error malformed(error_code error) {
  const bool too_large =
      error == http::error::header_limit || error == http::error::buffer_overflow;
  if (too_large) {
    return Error(Errc::Protocol, "the request's headers are too large").with_native(431);
  }
  return Error(Errc::Protocol, "malformed HTTP request: " + error.message()).with_native(400);
}

}  // namespace

HttpRequestParser::HttpRequestParser(std::uint32_t head_limit) : state_(std::make_unique<State>()) {
  state_->parser.header_limit(head_limit);
  state_->parser.body_limit(boost::none);
}

HttpRequestParser::~HttpRequestParser() = default;

Result<HttpRequestParser::HeadPiece> HttpRequestParser::read_head(std::string_view bytes) {
  error_code error;
  const std::size_t used =
      state_->parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  if (error == http::error::need_more) return HeadPiece{used, false};
  if (error) return malformed(error);
  note_head();
  return HeadPiece{used, true};
}

void HttpRequestParser::note_head() {
  const auto& parser = state_->parser;
  const auto& head = parser.get();
  is_http_1_1_ = head.version() >= 11;
  is_head_request_ = head.method() == http::verb::head;
  keep_alive_ = parser.keep_alive();
  content_length_ = 0;
  if (const auto length = parser.content_length()) content_length_ = *length;
  if (parser.chunked()) content_length_.reset();
  const bool has_body = content_length_ != 0u;
  expects_continue_ =
      has_body && is_http_1_1_ && boost::beast::iequals(head[http::field::expect], "100-continue");
}

ServerRequest HttpRequestParser::take_request() {
  auto& head = state_->parser.get();
  ServerRequest request{.method = std::string(head.method_string()),
                        .target = std::string(head.target())};
  for (const auto& field : head) request.headers.emplace_back(field.name_string(), field.value());
  head.clear();
  return request;
}

}  // namespace ostler::net
