// SPDX-License-Identifier: Apache-2.0
#include "net/http_request_parser.hpp"

#include <gtest/gtest.h>

namespace ostler::net {
namespace {

/// Feeds `text` in pieces of `step` bytes, as a connection does; returns what follows the head.
Result<std::string> read_head(HttpRequestParser& parser, std::string_view text, std::size_t step) {
  std::string pending;
  while (!text.empty()) {
    pending += text.substr(0, step);
    text.remove_prefix(std::min(step, text.size()));
    OSTLER_TRY(const auto piece, parser.read_head(pending));
    pending.erase(0, piece.used);
    if (piece.is_whole) return pending + std::string(text);
  }
  return Error(Errc::Unavailable, "the text ended before the head");
}

TEST(HttpRequestParser, ReadsAHeadWhereverThePiecesEnd) {
  const std::string text =
      "PUT /a?b=c HTTP/1.1\r\nHost: x\r\nX-Two: 2\r\nContent-Length: 4\r\n\r\nbody";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    HttpRequestParser parser(4096);
    EXPECT_EQ(read_head(parser, text, step).value(), "body") << "in pieces of " << step;
    EXPECT_EQ(parser.content_length(), 4u);
    EXPECT_TRUE(parser.keep_alive());
    const ServerRequest request = parser.take_request();
    EXPECT_EQ(request.method, "PUT");
    EXPECT_EQ(request.target, "/a?b=c");
    EXPECT_EQ(request.header("x-two"), "2");
  }
}

TEST(HttpRequestParser, RefusesTwoWaysToTellTheSize) {
  for (const std::string headers :
       {"Content-Length: 3\r\nContent-Length: 4\r\n", "Content-Length: -1\r\n",
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"}) {
    HttpRequestParser parser(4096);
    const auto read = read_head(parser, "POST / HTTP/1.1\r\n" + headers + "\r\n", 999);
    ASSERT_FALSE(read) << headers;
    EXPECT_EQ(read.error().native(), 400);
  }
}

TEST(HttpRequestParser, TellsTooLargeFromMalformed) {
  HttpRequestParser parser(1000);
  const auto read = read_head(parser, "GET / HTTP/1.1\r\nX: " + std::string(2000, 'x'), 100);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().native(), 431);
}

TEST(HttpRequestParser, KnowsWhoWantsToGoOn) {
  const auto keep_alive = [](const std::string& head) {
    HttpRequestParser parser(1000);
    EXPECT_TRUE(read_head(parser, head, 999));
    return parser.keep_alive();
  };
  EXPECT_TRUE(keep_alive("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_FALSE(keep_alive("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keep_alive("GET / HTTP/1.0\r\n\r\n"));
}

}  // namespace
}  // namespace ostler::net
