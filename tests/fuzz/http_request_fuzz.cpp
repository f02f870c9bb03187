// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/chunked_decoder.hpp"
#include "net/http_request_parser.hpp"

using namespace ostler;

/// The first byte says how many bytes come at a time; head, target and chunked body are read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t step = 1 + data[0] % 64;
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  net::HttpRequestParser parser(4096);
  std::string pending;
  net::ChunkedDecoder chunks;
  bool has_head = false;
  while (!rest.empty()) {
    pending += rest.substr(0, step);
    rest.remove_prefix(std::min(step, rest.size()));
    if (!has_head) {
      const auto piece = parser.read_head(pending);
      if (!piece) return 0;
      if (piece.value().used > pending.size()) std::abort();
      pending.erase(0, piece.value().used);
      has_head = piece.value().is_whole;
      if (has_head) static_cast<void>(net::parse_target(parser.take_request().target).has_value());
    }
    if (!has_head || parser.content_length()) continue;
    for (bool moved = true; moved && !chunks.is_done();) {
      std::array<char, 16> into{};
      const auto piece = chunks.read(pending, into);
      if (!piece) return 0;
      if (piece.value().used > pending.size() || piece.value().got > into.size()) std::abort();
      pending.erase(0, piece.value().used);
      moved = piece.value().used > 0 || piece.value().got > 0;
    }
  }
  return 0;
}
