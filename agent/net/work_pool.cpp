// SPDX-License-Identifier: Apache-2.0
#include "net/work_pool.hpp"

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

namespace ostler::net {
namespace asio = boost::asio;

WorkPool::WorkPool(unsigned most_threads) : most_threads_(most_threads) {}

WorkPool::~WorkPool() {
  if (threads_) threads_->join();
}

asio::awaitable<void> WorkPool::run(std::function<void()> work) {
  if (!threads_) {
    const unsigned count = std::clamp(std::thread::hardware_concurrency(), 1u, most_threads_);
    threads_ = std::make_unique<asio::thread_pool>(count);
  }
  auto initiate = [](auto handler, asio::any_io_executor threads, std::function<void()> task) {
    asio::any_io_executor back = asio::prefer(asio::get_associated_executor(handler),
                                              asio::execution::outstanding_work.tracked);
    asio::post(threads, [handler = std::move(handler), task = std::move(task), back]() mutable {
      task();
      asio::post(back, std::move(handler));
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      initiate, asio::use_awaitable, asio::any_io_executor(threads_->get_executor()),
      std::move(work));
}

}  // namespace ostler::net
