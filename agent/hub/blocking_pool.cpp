// SPDX-License-Identifier: Apache-2.0
#include "hub/blocking_pool.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>

namespace ostler::hub {

namespace asio = boost::asio;

asio::awaitable<Result<void>> BlockingPool::run(std::function<Result<void>()> work) {
  std::optional<Result<void>> outcome;
  const auto start = [&](auto handler) {
    auto executor = asio::get_associated_executor(handler);
    asio::post(threads_,
               [&, guard = asio::make_work_guard(executor), done = std::move(handler)]() mutable {
                 outcome.emplace(work());
                 asio::post(guard.get_executor(), std::move(done));
               });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable);
  co_return std::move(*outcome);
}

}  // namespace ostler::hub
