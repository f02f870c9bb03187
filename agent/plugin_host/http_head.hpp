// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "net/http_message.hpp"

namespace ostler::plugin_host {

/// What "send" of the service http answers: "200 NAME", then the headers, one a line.
std::string http_head_text(const std::string& name, const net::HttpResponse& head);

/// An answer to "send", read.
struct HttpHead {
  int status = 0;
  std::string name;  ///< of the request
  net::HttpHeaders headers;
};
/// Requires: http_head_text made it.
HttpHead read_http_head(std::string_view text);

/// An answer to "read" is no longer.
inline constexpr std::size_t kLongestHttpPiece = 256 << 10;
/// So many requests of a plugin are open at most.
inline constexpr std::size_t kMostOpenRequests = 16;

}  // namespace ostler::plugin_host
