// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"

// Locks of one machine. A lock is a text under a key, changed by compare-and-swap; the empty text
// is a free lock. What the texts mean is an agreement of those who lock.
namespace ostler::lock {

inline constexpr std::size_t kMostKeys = 10'000;
inline constexpr std::size_t kLongestText = 1024;  ///< bytes of a key or value
/// The value of work that was done once. Those that were done longest ago give way to new keys.
inline constexpr std::string_view kDone = "done";

struct Swap {
  std::string value;  ///< after it
  bool swapped = false;
};

/// The values of all keys, and who waits for one. Runs on: one thread.
class LockTable {
 public:
  /// A place in the queue of a key: first come, first served. Leaves it when it goes.
  class Place {
   public:
    /// Is given `value` when the key's value is `expected` and everybody before was served; `given`
    /// is called then. Requires: `table` outlives it.
    Place(LockTable& table, std::string key, std::string expected, std::string value,
          std::function<void()> given);
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    bool was_given() const { return given_; }

   private:
    friend class LockTable;
    LockTable& table_;
    std::string key_;
    std::string expected_;
    std::string value_;
    std::function<void()> call_;
    bool given_ = false;
  };

  /// Empty when nobody has set it.
  std::string value(const std::string& key) const;
  /// Sets the value to `next` if it is `expected`; what is then free goes to who waits for it.
  /// Errors: UserFault when a text is too long; Unavailable when there are too many keys.
  Result<Swap> compare_and_swap(const std::string& key, const std::string& expected,
                                const std::string& next);

  /// Every key with its value, the one that was changed last at the end.
  std::vector<std::pair<std::string, std::string>> all() const;
  /// Forgets every value; those who wait go on waiting.
  void clear();
  /// Puts in what another table's all() said.
  void restore(const std::vector<std::pair<std::string, std::string>>& all);

 private:
  struct Entry {
    std::string key;
    std::string value;
  };
  using Entries = std::list<Entry>;

  void set(const std::string& key, const std::string& value);
  bool make_room();
  void serve(const std::string& key);

  Entries entries_;  ///< by the time of their last change; none is empty
  std::map<std::string, Entries::iterator, std::less<>> by_key_;
  std::map<std::string, std::list<Place*>, std::less<>> waiting_;
};

}  // namespace ostler::lock
