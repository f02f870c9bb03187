// SPDX-License-Identifier: Apache-2.0
#include "net/async_event.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <optional>

#include "net/until.hpp"
#include "support/run_task.hpp"

namespace ostler::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using support::run_task;

class AsyncEventTest : public testing::Test {
 protected:
  asio::io_context io_{1};
  AsyncEvent event_{io_.get_executor()};
  AsyncEvent stop_{io_.get_executor()};
};

TEST_F(AsyncEventTest, WakesAllWhoWait) {
  TaskGroup group(io_.get_executor());
  int woken = 0;
  const auto count_waking = [&]() -> asio::awaitable<void> {
    if (co_await event_.wait()) ++woken;
  };
  for (int i = 0; i < 3; ++i) group.spawn(count_waking());
  asio::post(io_, [this] { event_.set(); });
  io_.run();
  EXPECT_EQ(woken, 3);
}

TEST_F(AsyncEventTest, DoesNotHoldThoseWhoComeLater) {
  event_.set();
  EXPECT_TRUE(run_task(io_, event_.wait()));
}

TEST_F(AsyncEventTest, EndsAWaitAtItsLimit) { EXPECT_FALSE(run_task(io_, event_.wait(1ms))); }

TEST_F(AsyncEventTest, HoldsAgainAfterReset) {
  event_.set();
  event_.reset();
  EXPECT_FALSE(run_task(io_, event_.wait(1ms)));
}

asio::awaitable<int> seven_after(AsyncEvent& event) { co_return co_await event.wait() ? 7 : -7; }

TEST_F(AsyncEventTest, UntilGivesTheResultOfATaskThatEndsFirst) {
  asio::post(io_, [this] { event_.set(); });
  EXPECT_EQ(run_task(io_, until(stop_, seven_after(event_))), 7);
}

TEST_F(AsyncEventTest, UntilCancelsTheTaskWhenTheStopComesFirst) {
  asio::post(io_, [this] { stop_.set(); });
  EXPECT_EQ(run_task(io_, until(stop_, seven_after(event_))), -7);
}

TEST_F(AsyncEventTest, UntilCancelsAtOnceWhenTheStopWasBefore) {
  stop_.set();
  EXPECT_EQ(run_task(io_, until(stop_, seven_after(event_))), -7);
}

TEST_F(AsyncEventTest, UntilPassesACancelOfItsCallerOn) {
  TaskGroup group(io_.get_executor());
  std::optional<int> result;
  const auto keep = [&]() -> asio::awaitable<void> {
    result = co_await until(stop_, seven_after(event_));
  };
  group.spawn(keep());
  asio::post(io_, [&] { group.cancel(); });
  io_.run();
  EXPECT_EQ(result, -7);
}

}  // namespace
}  // namespace ostler::net
