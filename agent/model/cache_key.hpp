// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ostler::model {

/// One part of the key of a cache entry, from the general to the special.
struct CacheKeyPart {
  std::string value;
  bool is_mandatory = false;  ///< an entry with another value here is of no use
};
using CacheKey = std::vector<CacheKeyPart>;

/// Whether two keys have the same values.
bool is_same(const CacheKey& wanted, const CacheKey& kept);

/// How many leading parts of a kept entry's key are those that are wanted, if it may stand in for
/// what is not there: every mandatory part is the same, and at least the first one.
std::optional<std::size_t> fall_back_rank(const CacheKey& wanted, const CacheKey& kept);

}  // namespace ostler::model
