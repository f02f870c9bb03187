// SPDX-License-Identifier: Apache-2.0
#include "net/task_group.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/async_event.hpp"
#include "support/run_task.hpp"

namespace ostler::net {
namespace {

namespace asio = boost::asio;

class TaskGroupTest : public testing::Test {
 protected:
  asio::awaitable<void> wait_for(AsyncEvent& event) {
    got_event_ = co_await event.wait();
    ++ended_;
  }

  /// Runs everything on the loop, and the coroutine itself, to the end.
  void run(asio::awaitable<void> task) {
    asio::co_spawn(io_, std::move(task), asio::detached);
    io_.run();
  }

  asio::io_context io_{1};
  TaskGroup group_{io_.get_executor()};
  AsyncEvent event_{io_.get_executor()};
  int ended_ = 0;
  bool got_event_ = false;
};

TEST_F(TaskGroupTest, JoinWaitsForEveryTask) {
  int ended_at_join = -1;
  run([&]() -> asio::awaitable<void> {
    for (int i = 0; i < 3; ++i) group_.spawn(wait_for(event_));
    EXPECT_FALSE(group_.empty());
    asio::post(io_, [this] { event_.set(); });
    co_await group_.join();
    ended_at_join = ended_;
  }());
  EXPECT_EQ(ended_at_join, 3);
  EXPECT_TRUE(got_event_);
  EXPECT_TRUE(group_.empty());
}

TEST_F(TaskGroupTest, JoinOfAnEmptyGroupReturns) {
  bool joined = false;
  run([&]() -> asio::awaitable<void> {
    co_await group_.join();
    joined = true;
  }());
  EXPECT_TRUE(joined);
}

TEST_F(TaskGroupTest, CancelEndsTasksThatRunAndSaysNothingToLaterOnes) {
  run([&]() -> asio::awaitable<void> {
    group_.spawn(wait_for(event_));
    co_await asio::post(io_, asio::use_awaitable);
    group_.cancel();
    co_await group_.join();
    EXPECT_EQ(ended_, 1);
    EXPECT_FALSE(got_event_);
    group_.spawn(wait_for(event_));
    asio::post(io_, [this] { event_.set(); });
    co_await group_.join();
  }());
  EXPECT_EQ(ended_, 2);
  EXPECT_TRUE(got_event_);
}

TEST_F(TaskGroupTest, JoinWaitsAlsoWhenItsCallerIsCancelled) {
  TaskGroup outer(io_.get_executor());
  int ended_at_join = -1;
  const auto join = [&]() -> asio::awaitable<void> {
    co_await group_.join();
    ended_at_join = ended_;
  };
  run([&]() -> asio::awaitable<void> {
    group_.spawn(wait_for(event_));
    outer.spawn(join());
    co_await asio::post(io_, asio::use_awaitable);
    outer.cancel();
    co_await asio::post(io_, asio::use_awaitable);
    EXPECT_EQ(ended_at_join, -1);
    event_.set();
    co_await outer.join();
  }());
  EXPECT_EQ(ended_at_join, 1);
}

TEST_F(TaskGroupTest, ATaskCanSpawnAnotherThatIsJoinedToo) {
  const auto spawn_another = [&]() -> asio::awaitable<void> {
    group_.spawn(wait_for(event_));
    asio::post(io_, [this] { event_.set(); });
    co_return;
  };
  run([&]() -> asio::awaitable<void> {
    group_.spawn(spawn_another());
    co_await group_.join();
    EXPECT_EQ(ended_, 1);
  }());
  EXPECT_EQ(ended_, 1);
}

}  // namespace
}  // namespace ostler::net
