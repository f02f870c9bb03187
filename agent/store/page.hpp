// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace ostler::store {

/// One page of a list, counted from 1.
struct PageRequest {
  std::int64_t number = 1;
  std::int64_t size = 30;  ///< 1 to 100
};

/// The deepest row that a numbered page may reach; beyond it a list answers Errc::UserFault.
inline constexpr std::int64_t kDeepestRow = 10'000;

template <class T>
struct Page {
  std::vector<T> items;
  bool has_next = false;
};

}  // namespace ostler::store
