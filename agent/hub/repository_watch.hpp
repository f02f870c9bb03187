// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "hub/blocking_pool.hpp"
#include "hub/disk_guard.hpp"
#include "hub/rest_api/call.hpp"
#include "hub/waiter.hpp"
#include "store/store.hpp"

namespace ostler::hub {

/// Looks for new commits in the repositories of the pipelines that want it, several at a time, and
/// makes one build for each commit that becomes the head of a branch. What was seen is in the
/// store: a hub that is killed at any moment neither loses nor doubles a build.
class RepositoryWatch {
 public:
  static constexpr int kAtOnce = 4;

  /// `executor`: where every lane lives. All that is referred to outlives it.
  RepositoryWatch(const boost::asio::any_io_executor& executor, store::Store& store,
                  const Clock& clock, rest_api::ChangeListener& listener, BlockingPool& blocking,
                  DiskGuard& disk, std::string public_url, std::size_t most_jobs);

  /// One of kAtOnce lanes, `lane` from 0; looks until `stop`.
  boost::asio::awaitable<void> run(int lane);
  void stop();

 private:
  boost::asio::awaitable<bool> look_at_one();
  std::optional<store::DuePoll> claim(const std::vector<store::DuePoll>& due);
  boost::asio::awaitable<void> look(store::DuePoll due);
  boost::asio::awaitable<void> postpone(store::DuePoll due, Error error);
  boost::asio::awaitable<Result<void>> build(PipelineId pipeline, model::BranchHead head);
  boost::asio::awaitable<Result<void>> create(model::Pipeline pipeline, model::BranchHead head);

  store::Store& store_;
  const Clock& clock_;
  rest_api::ChangeListener& listener_;
  BlockingPool& blocking_;
  DiskGuard& disk_;
  const std::string public_url_;
  const std::size_t most_jobs_;                  ///< of a build
  std::vector<std::unique_ptr<Waiter>> pauses_;  ///< one for each lane
  Guarded<std::set<PipelineId>> busy_;           ///< claimed by a lane
  std::atomic<bool> stopping_ = false;
};

}  // namespace ostler::hub
