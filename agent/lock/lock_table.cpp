// SPDX-License-Identifier: Apache-2.0
#include "lock/lock_table.hpp"

#include <algorithm>
#include <utility>

namespace ostler::lock {

LockTable::Place::Place(LockTable& table, std::string key, std::string expected, std::string value,
                        std::function<void()> given)
    : table_(table),
      key_(std::move(key)),
      expected_(std::move(expected)),
      value_(std::move(value)),
      call_(std::move(given)) {
  table_.waiting_[key_].push_back(this);
}

LockTable::Place::~Place() {
  const auto queue = table_.waiting_.find(key_);
  if (queue == table_.waiting_.end()) return;
  queue->second.remove(this);
  if (queue->second.empty()) table_.waiting_.erase(queue);
}

std::string LockTable::value(const std::string& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? "" : found->second->value;
}

Result<Swap> LockTable::compare_and_swap(const std::string& key, const std::string& expected,
                                         const std::string& next) {
  if (key.empty() || key.size() > kLongestText || next.size() > kLongestText) {
    return Error(Errc::UserFault, "a key has 1 to 1024 bytes, a value 1024 at most");
  }
  const std::string before = value(key);
  if (before != expected) return Swap{before, false};
  if (before.empty() && !next.empty() && !make_room()) {
    return Error(Errc::Unavailable,
                 "there are " + std::to_string(kMostKeys) + " locks already; release some");
  }
  set(key, next);
  serve(key);
  return Swap{next, true};
}

void LockTable::set(const std::string& key, const std::string& value) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) {
    entries_.erase(found->second);
    by_key_.erase(found);
  }
  if (value.empty()) return;
  entries_.push_back({key, value});
  by_key_[key] = std::prev(entries_.end());
}

bool LockTable::make_room() {
  if (entries_.size() < kMostKeys) return true;
  const auto oldest = std::ranges::find(entries_, kDone, &Entry::value);
  if (oldest == entries_.end()) return false;
  by_key_.erase(oldest->key);
  entries_.erase(oldest);
  return true;
}

/// Gives the key to those who wait for its value, in their order, until nobody waits for that.
void LockTable::serve(const std::string& key) {
  for (;;) {
    const auto queue = waiting_.find(key);
    if (queue == waiting_.end()) return;
    const std::string now = value(key);
    const auto next = std::ranges::find_if(
        queue->second, [&](const Place* place) { return place->expected_ == now; });
    if (next == queue->second.end()) return;
    Place& place = **next;
    queue->second.erase(next);
    if (queue->second.empty()) waiting_.erase(queue);
    set(key, place.value_);
    place.given_ = true;
    place.call_();
  }
}

std::vector<std::pair<std::string, std::string>> LockTable::all() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const Entry& entry : entries_) all.emplace_back(entry.key, entry.value);
  return all;
}

void LockTable::clear() {
  by_key_.clear();
  entries_.clear();
}

void LockTable::restore(const std::vector<std::pair<std::string, std::string>>& all) {
  for (const auto& [key, value] : all) set(key, value);
}

}  // namespace ostler::lock
