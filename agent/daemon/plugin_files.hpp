// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <stop_token>

#include "net/work_pool.hpp"

namespace ostler::daemon {

/// Clears what step plugins keep in `root` and nobody uses any more, unless somebody has done so
/// within the hour, also when no job with such a plugin comes any more. A fault is a line of the
/// log. Ends soon after `stop`.
boost::asio::awaitable<void> clear_plugin_files(net::WorkPool& pool, std::filesystem::path root,
                                                std::stop_token stop);

}  // namespace ostler::daemon
