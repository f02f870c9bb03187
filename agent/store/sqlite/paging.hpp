// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "store/page.hpp"

namespace ostler::store::sqlite {

/// LIMIT and OFFSET of a page: one row more than it holds, to see whether there is a next one.
struct Window {
  std::int64_t limit = 0;
  std::int64_t offset = 0;
};

/// Errors: UserFault when the page lies beyond kDeepestRow or is not one.
inline Result<Window> window_of(const PageRequest& page) {
  const bool is_page = page.number >= 1 && page.size >= 1 && page.size <= 100;
  if (!is_page) return Error(Errc::UserFault, "page must be at least 1 and per_page 1 to 100");
  if (page.number > kDeepestRow / page.size) {
    return Error(Errc::UserFault, "listing this deep is not supported; narrow the query");
  }
  return Window{.limit = page.size + 1, .offset = (page.number - 1) * page.size};
}

/// Turns the rows of a window into its page.
template <class T>
Result<Page<T>> page_of(Result<std::vector<T>> rows, const PageRequest& page) {
  if (!rows) return std::move(rows.error());
  Page<T> result{.items = std::move(rows.value())};
  const auto size = static_cast<std::size_t>(page.size);
  result.has_next = result.items.size() > size;
  if (result.has_next) result.items.resize(size);
  return result;
}

}  // namespace ostler::store::sqlite
