// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <type_traits>
#include <utility>

#include "net/work_pool.hpp"

namespace ostler::net {

/// Calls `work` on `pool` and hands its result back on the caller's executor, which goes on with
/// other things meanwhile. Cancel: none; the work runs to its end.
template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work>> offload(WorkPool& pool, Work work) {
  std::optional<std::invoke_result_t<Work>> result;
  co_await pool.run([&result, &work] { result.emplace(work()); });
  co_return std::move(*result);
}

}  // namespace ostler::net
