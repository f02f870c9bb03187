// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "net/http_server.hpp"

namespace ostler::net {

/// Reads one HTTP/1 request from bytes, whoever fetches them. Source: RFC 9112.
class HttpRequestParser {
 public:
  /// `head_limit`: bytes of request line and headers.
  explicit HttpRequestParser(std::uint32_t head_limit);
  ~HttpRequestParser();
  HttpRequestParser(const HttpRequestParser&) = delete;
  HttpRequestParser& operator=(const HttpRequestParser&) = delete;

  struct HeadPiece {
    std::size_t used = 0;  ///< of the bytes given: not to be given again
    bool is_whole = false;
  };
  /// Reads on in the head; when it is not whole yet, call again with what was not used and more.
  /// Errors: Protocol with native 400, or 431 when it is too large.
  Result<HeadPiece> read_head(std::string_view bytes);

  // After the head.

  /// Method, target and headers, which are taken out of the parser.
  ServerRequest take_request();
  bool keep_alive() const { return keep_alive_; }
  bool expects_continue() const { return expects_continue_; }
  bool is_http_1_1() const { return is_http_1_1_; }
  bool is_head_request() const { return is_head_request_; }
  /// The size of the body; none when it comes in chunks.
  std::optional<std::uint64_t> content_length() const { return content_length_; }

 private:
  struct State;
  void note_head();

  std::unique_ptr<State> state_;
  std::optional<std::uint64_t> content_length_ = 0;
  bool keep_alive_ = false;
  bool expects_continue_ = false;
  bool is_http_1_1_ = false;
  bool is_head_request_ = false;
};

}  // namespace ostler::net
