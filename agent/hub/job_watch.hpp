// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "base/guarded.hpp"
#include "base/uuid.hpp"
#include "hub/waiter.hpp"

namespace ostler::hub {

/// Those who wait until a job changes. Thread-safe.
class JobWatch {
 public:
  /// Membership of one waiter, while it lives.
  class Entry {
   public:
    Entry(JobWatch& watch, JobId job, const boost::asio::any_io_executor& executor);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    Waiter& waiter() { return *waiter_; }

   private:
    JobWatch& watch_;
    JobId job_;
    std::shared_ptr<Waiter> waiter_;
  };

  /// Wakes everybody who waits for one of `jobs`.
  void changed(const std::vector<JobId>& jobs);

 private:
  Guarded<std::unordered_multimap<JobId, std::shared_ptr<Waiter>>> waiters_;
};

}  // namespace ostler::hub
