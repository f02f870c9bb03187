// SPDX-License-Identifier: Apache-2.0
#include "model/cache_key.hpp"

#include <algorithm>

namespace ostler::model {

bool is_same(const CacheKey& wanted, const CacheKey& kept) {
  return std::ranges::equal(wanted, kept, {}, &CacheKeyPart::value, &CacheKeyPart::value);
}

std::optional<std::size_t> fall_back_rank(const CacheKey& wanted, const CacheKey& kept) {
  const auto has_same = [&](std::size_t at) {
    return at < kept.size() && kept[at].value == wanted[at].value;
  };
  for (std::size_t at = 0; at < wanted.size(); ++at) {
    if (wanted[at].is_mandatory && !has_same(at)) return std::nullopt;
  }
  std::size_t rank = 0;
  while (rank < wanted.size() && has_same(rank)) ++rank;
  if (rank == 0) return std::nullopt;
  return rank;
}

}  // namespace ostler::model
