// SPDX-License-Identifier: Apache-2.0
#include "daemon/plugin_files.hpp"

#include "diag/log.hpp"
#include "files/kept_directory.hpp"
#include "net/offload.hpp"

namespace ostler::daemon {

boost::asio::awaitable<void> clear_plugin_files(net::WorkPool& pool, std::filesystem::path root,
                                                std::stop_token stop) {
  const auto cleared = co_await net::offload(pool, [&root, &stop] {
    return files::clear_kept(root, {.every = std::chrono::hours(1)},
                             [&stop] { return stop.stop_requested(); });
  });
  if (!cleared) diag::warn("what step plugins keep", {{"error", cleared.error().message()}});
}

}  // namespace ostler::daemon
