// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/cache.h>

#include <ostler/cpp/call.hpp>
#include <string>
#include <utility>
#include <vector>

namespace ostler {

/// An entry of the cache; see ostler_cache_entry.
struct CacheEntry {
  std::vector<std::string> key;  ///< parts, from the general to the special
  std::vector<std::string> paths;
  unsigned common = 0;  ///< first parts that another entry must share to stand in; 0: none may
};

namespace detail {

/// `call` is ostler_cache_restore or ostler_cache_save; returns its JSON. Throws CallFailed.
template <class Call>
std::string use_cache(Call call, const ostler_host_t* host, const CacheEntry& entry) {
  const std::string key = lines(entry.key);
  const std::string paths = lines(entry.paths);
  ostler_cache_entry_t table{};
  table.struct_size = sizeof table;
  table.common = entry.common;
  table.key = to_text(key);
  table.paths = to_text(paths);
  Kept value;
  Kept error;
  require(call(host, &table, value.sink(), error.sink()), error);
  return std::move(value).text();
}

}  // namespace detail

}  // namespace ostler
