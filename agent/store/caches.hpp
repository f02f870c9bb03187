// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/cache_key.hpp"

namespace ostler {
using CacheId = Id<struct CacheKind>;
}

// What jobs of a cluster have put aside for later ones. The bytes are kept elsewhere, by the
// agents.
namespace ostler::store {

/// An entry can be had so long after it was committed.
inline constexpr std::chrono::hours kCacheLife{30 * 24};
/// An upload that is never committed is forgotten after this.
inline constexpr std::chrono::hours kCacheUploadLife{24};
/// A cluster has no more entries; the oldest make room.
inline constexpr std::int64_t kMostCaches = 10'000;

struct CacheEntry {
  CacheId id;
  std::vector<std::string> target_paths{};
  model::CacheKey key{};
  std::string blobs{};  ///< where the bytes are: a JSON array, as the agent declared it
  Timestamp expires_at{};
};

/// An entry that is there once it is committed.
struct StoreCache {
  ClusterId cluster;
  std::vector<std::string> target_paths{};
  model::CacheKey key{};
  std::string blobs{};
  std::string platform{};
  Timestamp now{};
};

struct CommitCache {
  ClusterId cluster;
  CacheId id;
  Timestamp now{};
};

struct FindCache {
  ClusterId cluster;
  std::vector<std::string> target_paths{};
  model::CacheKey key{};
  bool may_fall_back = false;  ///< to the newest of those whose keys begin most alike
  Timestamp now{};
};
struct FoundCache {
  CacheEntry entry;
  bool is_fall_back = false;
};

/// Removes an entry whose bytes are gone.
struct ExpireCache {
  ClusterId cluster;
  std::vector<std::string> target_paths{};
  model::CacheKey key{};
};

}  // namespace ostler::store
