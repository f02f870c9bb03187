// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "base/result.hpp"
#include "process/spawn.hpp"

namespace ostler::process {

/// Waits for a child's end without blocking and reaps it. Errors: Timeout: it still runs.
/// Cancel: the child is as before. Requires: `child` outlives the call.
boost::asio::awaitable<Result<ExitStatus>> async_wait(
    Child& child,
    std::chrono::steady_clock::duration timeout = std::chrono::steady_clock::duration::max());

}  // namespace ostler::process
