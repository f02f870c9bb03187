// SPDX-License-Identifier: Apache-2.0
#include "net/request_target.hpp"

#include <optional>

#include "net/hex_digit.hpp"

namespace ostler::net {
namespace {

enum class Plus { Literal, Space };

/// The text without its percent escapes; none for a broken escape or one of a zero byte.
std::optional<std::string> decode(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+' && plus == Plus::Space) {
      decoded.push_back(' ');
    } else if (text[at] != '%') {
      decoded.push_back(text[at]);
    } else {
      const int high = at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
      const int low = at + 2 < text.size() ? hex_digit(text[at + 2]) : -1;
      if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
      decoded.push_back(static_cast<char>(high * 16 + low));
      at += 2;
    }
  }
  return decoded;
}

/// Calls `take(piece)` for each piece that is not empty, until one refuses.
template <class Take>
bool for_each_piece(std::string_view text, char separator, Take take) {
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    const std::string_view piece = text.substr(0, end);
    if (!piece.empty() && !take(piece)) return false;
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return true;
}

/// Removes "scheme://authority" of the absolute form (RFC 9112, 3.2.2).
std::string_view without_origin(std::string_view target) {
  const std::size_t scheme = target.find("://");
  if (target.starts_with('/') || scheme == target.npos) return target;
  const std::size_t path = target.find_first_of("/?", scheme + 3);
  return path == target.npos ? "/" : target.substr(path);
}

bool add_parameter(std::string_view piece, RequestTarget& into) {
  const std::size_t equals = piece.find('=');
  auto name = decode(piece.substr(0, equals), Plus::Space);
  auto value = decode(equals == piece.npos ? "" : piece.substr(equals + 1), Plus::Space);
  if (!name || !value) return false;
  into.query.emplace_back(std::move(*name), std::move(*value));
  return true;
}

}  // namespace

Result<RequestTarget> parse_target(std::string_view target) {
  target = without_origin(target);
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  const std::string_view query = mark == target.npos ? "" : target.substr(mark + 1);
  RequestTarget parts;
  const bool path_is_good = for_each_piece(path, '/', [&](std::string_view piece) {
    auto segment = decode(piece, Plus::Literal);
    if (segment) parts.segments.push_back(std::move(*segment));
    return segment.has_value();
  });
  const bool query_is_good = for_each_piece(
      query, '&', [&](std::string_view piece) { return add_parameter(piece, parts); });
  if (!path.starts_with('/') && !path.empty()) {
    return Error(Errc::Protocol, "the request target does not begin with '/'");
  }
  if (!path_is_good || !query_is_good) {
    return Error(Errc::Protocol, "the request target has a broken percent escape");
  }
  return parts;
}

}  // namespace ostler::net
