// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "net/http_server.hpp"

namespace ostler::net {

std::optional<std::string> ServerRequest::parameter(std::string_view name) const {
  for (const auto& [known, value] : parts.query) {
    if (known == name) return value;
  }
  return std::nullopt;
}

boost::asio::awaitable<Result<std::string>> read_whole(RequestBody& body, std::size_t limit) {
  constexpr std::size_t kPiece = 64u << 10;
  const auto declared = body.declared_size();
  std::string whole;
  std::size_t filled = 0;
  for (;;) {
    if (filled > limit || declared.value_or(0) > limit) {
      co_return Error(Errc::UserFault,
                      "the body is larger than " + std::to_string(limit) + " bytes")
          .with_native(413);
    }
    const std::size_t left = declared ? *declared - filled + 1 : kPiece;
    whole.resize(filled + std::min(left, kPiece));
    OSTLER_CO_TRY(const std::size_t got, co_await body.read_some(std::span(whole).subspan(filled)));
    filled += got;
    if (got == 0) break;
  }
  whole.resize(filled);
  co_return whole;
}

ServerResponse json_response(int status, std::string body) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json; charset=utf-8"}},
          .body = std::move(body)};
}

}  // namespace ostler::net
