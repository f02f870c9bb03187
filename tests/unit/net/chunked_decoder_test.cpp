// SPDX-License-Identifier: Apache-2.0
#include "net/chunked_decoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace ostler::net {
namespace {

struct Decoded {
  std::string body;
  std::string rest;
  bool done = false;
  bool failed = false;
};

/// Decodes `text` in pieces of `step` bytes into room for `room`.
Decoded decode(std::string_view text, std::size_t step, std::size_t room = 4) {
  ChunkedDecoder decoder;
  Decoded decoded;
  std::string pending;
  std::string into(room, '\0');
  while (!decoder.is_done() && (!text.empty() || !pending.empty())) {
    const auto piece = decoder.read(pending, into);
    decoded.failed = !piece;
    if (decoded.failed) return decoded;
    decoded.body.append(into, 0, piece.value().got);
    pending.erase(0, piece.value().used);
    if (piece.value().used > 0) continue;
    if (text.empty()) break;
    pending += text.substr(0, step);
    text.remove_prefix(std::min(step, text.size()));
  }
  decoded.done = decoder.is_done();
  decoded.rest = pending + std::string(text);
  return decoded;
}

TEST(ChunkedDecoder, ReadsABodyWhereverThePiecesEnd) {
  const std::string text =
      "3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n00\r\nTrailer: 1\r\nAnother: 2\r\n\r\nGET /";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    for (const std::size_t room : {1u, 4u, 100u}) {
      const Decoded decoded = decode(text, step, room);
      ASSERT_FALSE(decoded.failed) << "in pieces of " << step;
      EXPECT_EQ(decoded.body, "abc0123456789") << "in pieces of " << step;
      EXPECT_TRUE(decoded.done) << "in pieces of " << step;
      EXPECT_EQ(decoded.rest, "GET /") << "in pieces of " << step;
    }
  }
}

TEST(ChunkedDecoder, ReadsAnEmptyBody) {
  EXPECT_TRUE(decode("0\r\n\r\n", 1).done);
  EXPECT_TRUE(decode("0 \r\n\r\n", 9).done);
}

TEST(ChunkedDecoder, IsNotDoneBeforeTheEmptyLine) {
  for (const std::string_view text : {"0\r\n", "0\r\na", "0\r\n\r", "3\r\nabc\r\n", "3\r\nab"}) {
    const Decoded decoded = decode(text, 1);
    EXPECT_FALSE(decoded.failed) << text;
    EXPECT_FALSE(decoded.done) << text;
  }
}

TEST(ChunkedDecoder, RefusesWhatIsNoChunk) {
  for (const std::string& text :
       {std::string("\r\n"), std::string("g\r\n"), std::string("-1\r\n"), std::string("3\nabc"),
        std::string("3\r\nabcd\r\n"), std::string("3\r\nabc\n"), std::string("3\r\r\nabc"),
        std::string("0x3\r\nabc"), std::string(" 3\r\nabc"), std::string(16, 'f') + "\r\n",
        "0\r\n" + std::string(20'000, 'x'), "1;" + std::string(20'000, 'x')}) {
    EXPECT_TRUE(decode(text, 7).failed) << text.substr(0, 20);
  }
}

}  // namespace
}  // namespace ostler::net
