// SPDX-License-Identifier: Apache-2.0
#include "hub/waiter.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <future>

#include "support/run_task.hpp"

namespace ostler::hub {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto kNever = 600s;  // no test lasts so long

/// A rally: each of two, on a strand of its own, wakes the other only when it has been woken. One
/// wake-up that is lost ends it.
asio::awaitable<void> serve(Waiter& mine, Waiter& other, int turns) {
  for (; turns > 0; --turns) {
    other.wake();
    co_await mine.wait(kNever);
  }
}

asio::awaitable<void> answer(Waiter& mine, Waiter& other, int turns) {
  for (; turns > 0; --turns) {
    co_await mine.wait(kNever);
    other.wake();
  }
}

TEST(Waiter, LosesNoWakeUpOnSeveralThreads) {
  constexpr int kTurns = 20'000;
  asio::thread_pool threads(4);
  const auto left = asio::make_strand(threads);
  const auto right = asio::make_strand(threads);
  Waiter of_left(left);
  Waiter of_right(right);
  const auto server = asio::co_spawn(left, serve(of_left, of_right, kTurns), asio::use_future);
  const auto peer = asio::co_spawn(right, answer(of_right, of_left, kTurns), asio::use_future);
  EXPECT_EQ(server.wait_for(60s), std::future_status::ready);
  EXPECT_EQ(peer.wait_for(60s), std::future_status::ready);
  threads.stop();
}

TEST(Waiter, UsesUpAWakeUpFromBeforeTheWait) {
  asio::io_context io;
  Waiter waiter(io.get_executor());
  waiter.wake();
  const auto begun = steady_clock::now();
  support::run_task(io, [&]() -> asio::awaitable<bool> {
    co_await waiter.wait(kNever);
    co_await waiter.wait(1ms);
    co_return true;
  }());
  EXPECT_LT(steady_clock::now() - begun, 60s);
}

TEST(WaiterDeathTest, RefusesAWaitOutsideItsStrand) {
  asio::io_context io;
  Waiter waiter(asio::make_strand(io));
  asio::co_spawn(io, waiter.wait(1ms), asio::detached);
  EXPECT_DEATH(io.run(), "this_executor");
}

}  // namespace
}  // namespace ostler::hub
