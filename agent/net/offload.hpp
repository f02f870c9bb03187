// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <type_traits>
#include <utility>

#include "net/work_pool.hpp"

namespace ostler::net {

/// Calls `work` on `pool` and hands its result back on the caller's executor, which goes on with
/// other things meanwhile. Cancel: none; the work runs to its end.
template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work>> offload(WorkPool& pool, Work work) {
  namespace asio = boost::asio;
  using Output = std::invoke_result_t<Work>;
  auto initiate = [](auto handler, asio::any_io_executor on, Work task) {
    asio::any_io_executor back = asio::prefer(asio::get_associated_executor(handler),
                                              asio::execution::outstanding_work.tracked);
    asio::post(on, [handler = std::move(handler), task = std::move(task), back]() mutable {
      asio::post(back, [handler = std::move(handler), output = task()]() mutable {
        std::move(handler)(std::move(output));
      });
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, void(Output)>(
      initiate, asio::use_awaitable, pool.executor(), std::move(work));
}

}  // namespace ostler::net
