// SPDX-License-Identifier: Apache-2.0
#include "net/work_pool.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <future>
#include <string>
#include <thread>

#include "net/offload.hpp"
#include "net/task_group.hpp"
#include "support/run_task.hpp"

namespace ostler::net {
namespace {

namespace asio = boost::asio;
using support::run_task;

TEST(WorkPool, WorksOnAnotherThreadAndComesBackToTheCallers) {
  asio::io_context io(1);
  WorkPool pool;
  std::thread::id worked_on;
  std::thread::id came_back_to;
  const auto text = run_task(io, [&]() -> asio::awaitable<std::string> {
    auto made = co_await offload(pool, [&worked_on] {
      worked_on = std::this_thread::get_id();
      return std::string("made");
    });
    came_back_to = std::this_thread::get_id();
    co_return made;
  }());
  EXPECT_EQ(text, "made");
  EXPECT_NE(worked_on, std::this_thread::get_id());
  EXPECT_EQ(came_back_to, std::this_thread::get_id());
}

TEST(WorkPool, LetsTheCallersThreadGoOnMeanwhile) {
  asio::io_context io(1);
  WorkPool pool;
  std::promise<void> release;  // kept by the loop alone: a pool that holds the loop never ends
  TaskGroup group(io.get_executor());
  bool worked = false;
  const auto work = [&]() -> asio::awaitable<void> {
    worked = co_await offload(pool, [&release] {
      release.get_future().wait();
      return true;
    });
  };
  group.spawn(work());
  asio::post(io, [&] { release.set_value(); });
  io.run();
  EXPECT_TRUE(worked);
}

TEST(WorkPool, FinishesItsWorkWhenTheCallerIsCancelled) {
  asio::io_context io(1);
  WorkPool pool;
  TaskGroup group(io.get_executor());
  std::promise<void> release;
  int result = 0;
  const auto work = [&]() -> asio::awaitable<void> {
    result = co_await offload(pool, [&release] {
      release.get_future().wait();
      return 5;
    });
  };
  group.spawn(work());
  asio::post(io, [&] {
    group.cancel();
    release.set_value();
  });
  io.run();
  EXPECT_EQ(result, 5);
}

}  // namespace
}  // namespace ostler::net
