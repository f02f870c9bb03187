// SPDX-License-Identifier: Apache-2.0
#include "supervise/channel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <thread>

#include "support/temp_directory.hpp"

namespace ostler::supervise {
namespace {

using namespace std::chrono_literals;

std::pair<Channel, Channel> make_channels() {
  auto sockets = make_socket_pair().value();
  return {Channel(std::move(sockets.first)), Channel(std::move(sockets.second))};
}

TEST(FrameReader, FindsFramesWhereverTheStreamIsCut) {
  std::string stream;
  for (std::size_t size : {0u, 1u, 300u, 70'000u, 5u})
    stream += encode_frame(Output{std::string(size, 'x')});
  for (const std::size_t step : {1u, 7u, 8u, 4096u, 65'536u, 200'000u}) {
    FrameReader reader;
    std::vector<std::size_t> sizes;
    for (std::size_t at = 0; at < stream.size();) {
      const auto [data, room] = reader.space();
      const std::size_t size = std::min({room, step, stream.size() - at});
      std::memcpy(data, stream.data() + at, size);
      reader.commit(size);
      at += size;
      while (const auto frame = reader.next().value()) sizes.push_back(frame->payload.size());
    }
    EXPECT_THAT(sizes, testing::ElementsAre(0, 1, 300, 70'000, 5)) << step;
  }
}

TEST(FrameReader, RefusesWhatIsNoFrame) {
  for (const std::string_view bytes : {std::string_view("\xff\xff\xff\xff\x01\0\0\0", 8),
                                       std::string_view("\0\0\0\0\x01\0\x01\0", 8)}) {
    FrameReader reader;
    std::memcpy(reader.space().first, bytes.data(), bytes.size());
    reader.commit(bytes.size());
    EXPECT_EQ(reader.next().error().code(), Errc::Protocol);
  }
}

TEST(Channel, CarriesMessagesLargerThanTheSocketsBuffer) {
  auto [left, right] = make_channels();
  const std::string body(8u << 20, 'b');
  std::jthread sending([&channel = left, &body] { (void)channel.send(Job{body}, 30s); });
  const auto frame = right.receive(30s);
  ASSERT_TRUE(frame);
  EXPECT_EQ(decode<Job>(frame.value()).value().document, body);
}

TEST(Channel, TimesOutAndTellsWhenThePeerIsGone) {
  auto [left, right] = make_channels();
  EXPECT_EQ(left.receive(1ms).error().code(), Errc::Timeout);
  right.close();
  EXPECT_EQ(left.receive(30s).error().code(), Errc::Unavailable);
}

TEST(Socket, ListensPrivatelyAndReplacesAStaleFile) {
  support::TempDirectory directory;
  {
    ASSERT_TRUE(listen_at(directory / "s"));
  }
  EXPECT_EQ(connect_to(directory / "s").error().code(), Errc::Unavailable);
  const auto listening = listen_at(directory / "s");
  ASSERT_TRUE(listening);
  struct stat found{};
  ASSERT_EQ(::stat((directory / "s").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  const auto connected = connect_to(directory / "s");
  ASSERT_TRUE(connected);
  EXPECT_TRUE(is_peer_trusted(connected.value().get()));
}

TEST(Socket, RefusesAPathThatIsTooLong) {
  const auto listening = listen_at("/tmp/" + std::string(200, 'x'));
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().code(), Errc::UserFault);
}

}  // namespace
}  // namespace ostler::supervise
