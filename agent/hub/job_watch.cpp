// SPDX-License-Identifier: Apache-2.0
#include "hub/job_watch.hpp"

namespace ostler::hub {

JobWatch::Entry::Entry(JobWatch& watch, JobId job, const boost::asio::any_io_executor& executor)
    : watch_(watch), job_(job), waiter_(std::make_shared<Waiter>(executor)) {
  watch_.waiters_.with([&](auto& waiters) { waiters.emplace(job_, waiter_); });
}

JobWatch::Entry::~Entry() {
  watch_.waiters_.with([&](auto& waiters) {
    auto [at, end] = waiters.equal_range(job_);
    while (at != end) at = at->second == waiter_ ? waiters.erase(at) : std::next(at);
  });
}

void JobWatch::changed(const std::vector<JobId>& jobs) {
  waiters_.with([&](auto& waiters) {
    for (const JobId job : jobs) {
      const auto [begin, end] = waiters.equal_range(job);
      for (auto at = begin; at != end; ++at) at->second->wake();
    }
  });
}

}  // namespace ostler::hub
