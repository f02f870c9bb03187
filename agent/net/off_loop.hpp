// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <exception>
#include <functional>
#include <type_traits>

#include "net/offload.hpp"

namespace ostler::net {

/// Calls `work`, which throws nothing, on a thread of its own, while the loop of the job goes on:
/// logs are sent, and a cancel is heard. The thread is gone when this returns: programs are started
/// without any. Where the job's processes have left no thread to be had, the loop waits.
template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work&>> off_loop(Work work) {
  try {
    WorkPool pool(1);
    co_return co_await offload(pool, std::ref(work));
  } catch (const std::exception&) {  // of the thread's making
  }
  co_return work();
}

}  // namespace ostler::net
