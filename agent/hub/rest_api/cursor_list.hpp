// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "hub/rest_api/call.hpp"

// Lists whose pages begin behind, or end before, one of their items. Source: rest-api, 3.2.
namespace ostler::rest_api {

/// How many items a page is to have, by `per_page`.
/// Errors: UserFault when that cannot be read, or `after` and `before` are both there.
Result<std::size_t> read_cursor_page(const Query& query);

/// What one page has; read backwards when the query has a `before`.
struct CursorPage {
  std::vector<std::string> items;  ///< JSON
  std::string first{};             ///< cursor of its first item, if it has items
  std::string last{};
  bool has_more = false;  ///< in the direction in which it was read
};
/// 200 {"items": [...], "links": {"self", "first", "next"?, "prev"?}}
net::ServerResponse cursor_list(const Call& call, const CursorPage& page);

}  // namespace ostler::rest_api
