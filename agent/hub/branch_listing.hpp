// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/branch_head.hpp"

namespace ostler::hub {

/// The branches of a repository, listed by a child process: git, ssh and whatever a server does to
/// them stay out of the hub. `stopping` ends it; all that is referred to outlives the call.
/// Errors: Timeout after `limit`; Cancelled; what the child says, Unavailable; those of starting
/// it.
boost::asio::awaitable<Result<std::vector<model::BranchHead>>> list_branches(
    std::string repository, std::chrono::milliseconds limit, const std::atomic<bool>& stopping);

}  // namespace ostler::hub
