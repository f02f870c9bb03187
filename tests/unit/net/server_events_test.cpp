// SPDX-License-Identifier: Apache-2.0
#include "net/server_events.hpp"

#include <gtest/gtest.h>

namespace ostler::net {
namespace {

using Events = std::vector<ServerEvent>;

TEST(ServerEventReader, ReadsWhatWasWrittenWhateverPiecesItComesIn) {
  const Events events = {{"1", "job", R"({"a":1})"}, {"2", "", "two\nlines"}, {"3", "end", ""}};
  std::string text = ": comment\n\nretry: 1000\n\n";
  for (const auto& event : events) text += encode_server_event(event);
  for (std::size_t size = 1; size <= text.size(); ++size) {
    ServerEventReader reader;
    Events read;
    for (std::size_t at = 0; at < text.size(); at += size) {
      const auto some = reader.feed(std::string_view(text).substr(at, size));
      read.insert(read.end(), some.begin(), some.end());
    }
    EXPECT_EQ(read, events) << size;
  }
}

TEST(ServerEventReader, TakesEveryLineEndAndKeepsTheIdForLaterEvents) {
  ServerEventReader reader;
  const auto events = reader.feed("id:7\r\ndata:a\r\n\r\ndata: b\rdata:c\r\rdata\n\n");
  EXPECT_EQ(events, (Events{{"7", "", "a"}, {"7", "", "b\nc"}, {"7", "", ""}}));
}

TEST(ServerEventReader, GivesNoEventThatIsNotWhole) {
  ServerEventReader reader;
  EXPECT_TRUE(reader.feed("id: 1\nevent: job\ndata: x\n").empty());
  EXPECT_TRUE(reader.feed("event: nothing\n").empty());
}

TEST(ServerEventReader, DropsAnEventThatIsTooLargeAndGoesOn) {
  ServerEventReader reader;
  const std::string piece(1u << 20, 'x');
  EXPECT_TRUE(reader.feed("data: ").empty());
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(reader.feed(piece).empty());
  const auto events = reader.feed("\n\ndata: y\n\n");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].data, "y");
}

}  // namespace
}  // namespace ostler::net
