// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/lock.h>

#include <chrono>
#include <cstdint>
#include <ostler/cpp/services.hpp>
#include <string>
#include <utility>

namespace ostler {

/// A lock of the cluster, held while this lives; see ostler/lock.h.
class Lock {
 public:
  static constexpr std::chrono::nanoseconds kForEver{-1};

  /// Waits for it. Throws CallFailed: OSTLER_TIMEOUT when another job holds it still.
  Lock(const Services& services, std::string name, std::chrono::nanoseconds longest = kForEver)
      : host_(services.host()), name_(std::move(name)) {
    detail::Kept error;
    detail::require(
        ostler_lock_acquire(host_, to_text(name_), longest.count(), &fence_, error.sink()), error);
  }
  Lock(Lock&& other) noexcept
      : host_(other.host_), name_(std::exchange(other.name_, {})), fence_(other.fence_) {}
  Lock& operator=(Lock&&) = delete;
  ~Lock() {
    if (!name_.empty()) ostler_lock_release(host_, to_text(name_), nullptr);
  }

  /// Greater than those of all who held it before.
  std::int64_t fence() const { return fence_; }
  /// The job holds it until its end, whatever becomes of this.
  void keep() { name_.clear(); }

 private:
  const ostler_host_t* host_;
  std::string name_;  ///< empty: not to be released
  std::int64_t fence_ = 0;
};

}  // namespace ostler
