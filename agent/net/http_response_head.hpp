// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_server.hpp"

namespace ostler::net {

/// How the end of an answer's body is told.
struct BodyFraming {
  std::optional<std::uint64_t> size;  ///< Content-Length; none: chunked, or until the end
  bool chunked = false;
};

/// The bytes of an answer before its body. Line breaks in header values become spaces, so that a
/// value cannot end the head.
std::string response_head(const ServerResponse& response, const BodyFraming& framing,
                          bool keep_alive);

/// Appends one line of a head or of trailers, with the same care.
void append_header(std::string& head, std::string_view name, std::string_view value);

/// Whether answers of this status have no body (RFC 9110, 6.4.1).
bool has_no_body(int status);

}  // namespace ostler::net
