// SPDX-License-Identifier: Apache-2.0
#include "process/async_wait.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

namespace ostler::process {
namespace {

using namespace std::chrono_literals;

boost::asio::awaitable<void> keep_result(Child& child, std::chrono::steady_clock::duration timeout,
                                         std::optional<Result<ExitStatus>>& result) {
  result.emplace(co_await async_wait(child, timeout));
}

Result<ExitStatus> wait_for(Child& child, std::chrono::steady_clock::duration timeout) {
  boost::asio::io_context io;
  std::optional<Result<ExitStatus>> result;
  boost::asio::co_spawn(io, keep_result(child, timeout, result), [](std::exception_ptr) {});
  io.run();
  return std::move(*result);
}

TEST(AsyncWait, GivesTheExitStatus) {
  auto child =
      spawn({.executable = "/bin/sh", .arguments = {"sh", "-c", "sleep 0.05; exit 5"}}).value();
  EXPECT_EQ(wait_for(child, 30s).value(), ExitStatus(Exited{5}));
  EXPECT_EQ(wait_for(child, 30s).value(), ExitStatus(Exited{5}));
}

TEST(AsyncWait, TimesOut) {
  auto child = spawn({.executable = "/bin/sleep", .arguments = {"sleep", "1000"}}).value();
  EXPECT_EQ(wait_for(child, 5ms).error().code(), Errc::Timeout);
}

}  // namespace
}  // namespace ostler::process
