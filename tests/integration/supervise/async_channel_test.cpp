// SPDX-License-Identifier: Apache-2.0
#include "supervise/async_channel.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <thread>

#include "supervise/channel.hpp"

namespace ostler::supervise {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

/// An asynchronous channel on a loop of its own, and the other end of it for the test.
class AsyncChannelPair : public testing::Test {
 protected:
  AsyncChannelPair()
      : sockets_(make_socket_pair().value()),
        channel(AsyncChannel::adopt(io.get_executor(), std::move(sockets_.first)).value()),
        peer(std::move(sockets_.second)) {}

  template <class T>
  Result<T> run(asio::awaitable<Result<T>> work) {
    std::optional<Result<T>> result;
    asio::co_spawn(io, keep_result(std::move(work), result), [](std::exception_ptr) {});
    io.restart();
    io.run();
    return std::move(*result);
  }
  template <class T>
  static asio::awaitable<void> keep_result(asio::awaitable<Result<T>> work,
                                           std::optional<Result<T>>& result) {
    result.emplace(co_await std::move(work));
  }

  asio::io_context io;
  std::pair<UniqueFd, UniqueFd> sockets_;
  AsyncChannel channel;
  Channel peer;
};

TEST_F(AsyncChannelPair, ReceivesWhatThePeerSends) {
  ASSERT_TRUE(peer.send(Notify{7}, 30s));
  const auto frame = run(channel.receive());
  ASSERT_TRUE(frame);
  EXPECT_EQ(decode<Notify>(frame.value()).value().records, 7u);
}

TEST_F(AsyncChannelPair, TimesOutAndGoesOnAfterwards) {
  EXPECT_EQ(run(channel.receive(1ms)).error().code(), Errc::Timeout);
  ASSERT_TRUE(peer.send(Done{}, 30s));
  EXPECT_TRUE(run(channel.receive(30s)));
}

TEST_F(AsyncChannelPair, TellsWhenThePeerIsGone) {
  peer.close();
  EXPECT_EQ(run(channel.receive()).error().code(), Errc::Unavailable);
}

TEST_F(AsyncChannelPair, SendsWholeFramesFromManyCoroutinesToASlowPeer) {
  constexpr int kSenders = 20;
  constexpr int kEach = 50;
  std::jthread reading([this] {
    for (int i = 0; i < kSenders * kEach; ++i) {
      const auto frame = peer.receive(30s);
      ASSERT_TRUE(frame) << frame.error().message();
      ASSERT_EQ(frame.value().payload.size(), kMaxOutput);
    }
  });
  for (int i = 0; i < kSenders; ++i) {
    asio::co_spawn(
        io,
        [](AsyncChannel& to) -> asio::awaitable<void> {
          for (int j = 0; j < kEach; ++j) {
            const auto sent = co_await to.send(Output{std::string(kMaxOutput, 'x')});
            EXPECT_TRUE(sent.has_value());
          }
        }(channel),
        [](std::exception_ptr) {});
  }
  io.run();
}

TEST_F(AsyncChannelPair, WritesWhatWasPostedInOneGoAndBeforeWhatIsSentLater) {
  channel.post(Notify{1});
  channel.post(Notify{2});
  EXPECT_EQ(peer.receive(0ms).error().code(), Errc::Timeout) << "written before the loop turned";
  ASSERT_TRUE(run(channel.send(Notify{3})));
  for (const std::uint64_t expected : {1u, 2u, 3u}) {
    EXPECT_EQ(decode<Notify>(peer.receive(30s).value()).value().records, expected);
  }
  channel.post(Notify{4});
  io.restart();
  io.run();
  EXPECT_EQ(decode<Notify>(peer.receive(30s).value()).value().records, 4u);
}

TEST_F(AsyncChannelPair, KeepsTheOrderOfTheCallsHoweverMuchWaits) {
  constexpr std::size_t kMany = 200;  // more than any socket takes
  std::string much;
  for (std::size_t i = 0; i < kMany; ++i)
    much += encode_frame(Output{std::string(kMaxOutput, 'x')});
  const auto send = [](AsyncChannel& to, std::string frames) -> asio::awaitable<void> {
    EXPECT_TRUE((co_await to.send_frames(std::move(frames))).has_value());
  };
  std::jthread reading([this] {
    std::this_thread::sleep_for(50ms);  // all is queued before anything is read
    for (std::size_t i = 0; i < 3 * kMany; ++i) {
      ASSERT_EQ(peer.receive(30s).value().type, MessageType::Output);
    }
    EXPECT_EQ(peer.receive(30s).value().type, MessageType::PhaseEnd);
    EXPECT_EQ(peer.receive(30s).value().type, MessageType::Done);
  });
  for (int i = 0; i < 3; ++i) {
    asio::co_spawn(io, send(channel, much), [](std::exception_ptr) {});
  }
  io.poll();
  channel.post(PhaseEnd{"command", "{}"});
  asio::co_spawn(io, send(channel, encode_frame(Done{})), [](std::exception_ptr) {});
  io.restart();
  io.run();
}

TEST_F(AsyncChannelPair, EndsSendersAndReceiversWhenClosed) {
  std::optional<Errc> ended;
  asio::co_spawn(
      io,
      [](AsyncChannel& from, std::optional<Errc>& code) -> asio::awaitable<void> {
        const auto frame = co_await from.receive();
        code = frame.error().code();
      }(channel, ended),
      [](std::exception_ptr) {});
  io.poll();
  channel.close();
  io.restart();
  io.run();
  EXPECT_EQ(ended, Errc::Cancelled);
  EXPECT_EQ(run(channel.send(Done{})).error().code(), Errc::Cancelled);
}

}  // namespace
}  // namespace ostler::supervise
