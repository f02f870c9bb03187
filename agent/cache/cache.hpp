// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "agent_client/transport.hpp"
#include "base/result.hpp"
#include "wire/agent_api_caches.hpp"

// Entries of the cache of a cluster: the server keeps which there are, a place that the operator
// names keeps their bytes.
namespace ostler::cache {

struct CacheOptions {
  std::string registry = "~";  ///< the cluster's own
  std::string place;           ///< see blob_place.hpp
  std::string user_agent;
  std::string temporary = "/tmp";  ///< where an archive is while it comes or goes
  std::function<void(const std::string&)> tell = [](const std::string&) {};
};

struct Restored {
  bool is_hit = false;
  bool is_fall_back = false;  ///< another entry than the one that was asked for
  model::CacheKey key = {};   ///< of what was restored
  std::int64_t bytes = 0;     ///< packed
};
struct Saved {
  bool is_new = false;  ///< else an entry of that key is there already
  std::int64_t bytes = 0;
};

/// Writes an entry beneath an open directory. An entry whose bytes are gone, or are not those that
/// were saved, is forgotten and is no hit; one that cannot be unpacked is forgotten and an error,
/// for a part of it may be there. Blocks. Errors: UserFault for what cannot be asked for;
/// those of transport, place and archive.
Result<Restored> restore(const wire::CacheAddress& wanted, int directory,
                         const CacheOptions& options, agent_client::Transport& transport);

/// Packs paths of an open directory into a new entry. Blocks.
/// Errors: NotFound when nothing is at the paths; else as above.
Result<Saved> save(const wire::CacheAddress& entry, int directory, const CacheOptions& options,
                   agent_client::Transport& transport);

}  // namespace ostler::cache
