// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "log/lines.hpp"
#include "worker/phase.hpp"

namespace ostler::worker {

namespace asio = boost::asio;

asio::awaitable<void> tear_down(JobContext& job) {
  if (!job.directory_is_temporary) co_return;
  std::error_code error;
  std::filesystem::remove_all(job.directory, error);
  if (error) {
    job.log.line(log::warning("Cannot remove " + job.directory + ": " + error.message()));
  }
}

}  // namespace ostler::worker
