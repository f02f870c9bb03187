// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "base/guarded.hpp"
#include "base/uuid.hpp"
#include "hub/waiter.hpp"

namespace ostler::hub {

/// Those who wait until something that has an id changes. Thread-safe.
template <class Id>
class Watch {
 public:
  /// Membership of one waiter, while it lives.
  class Entry {
   public:
    Entry(Watch& watch, Id id, const boost::asio::any_io_executor& executor)
        : watch_(watch), id_(id), waiter_(std::make_shared<Waiter>(executor)) {
      watch_.waiters_.with([&](auto& waiters) { waiters.emplace(id_, waiter_); });
    }
    ~Entry() {
      watch_.waiters_.with([&](auto& waiters) {
        auto [at, end] = waiters.equal_range(id_);
        while (at != end) at = at->second == waiter_ ? waiters.erase(at) : std::next(at);
      });
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    const std::shared_ptr<Waiter>& waiter() { return waiter_; }

   private:
    Watch& watch_;
    Id id_;
    std::shared_ptr<Waiter> waiter_;
  };

  /// Wakes everybody who waits for one of `ids`.
  void changed(const std::vector<Id>& ids) {
    waiters_.with([&](auto& waiters) {
      for (const Id id : ids) {
        const auto [begin, end] = waiters.equal_range(id);
        for (auto at = begin; at != end; ++at) at->second->wake();
      }
    });
  }

 private:
  Guarded<std::unordered_multimap<Id, std::shared_ptr<Waiter>>> waiters_;
};

using JobWatch = Watch<JobId>;
/// An agent changes when it takes a job or is free of it, is lost, or its sessions' standing
/// changes.
using AgentWatch = Watch<AgentId>;

}  // namespace ostler::hub
