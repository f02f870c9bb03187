// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "hub/rest_api/query.hpp"
#include "store/page.hpp"

namespace ostler::rest_api {

/// The page that `page` and `per_page` ask for. Page 0 is page 1, a size out of range becomes the
/// nearest one, and what is no number counts as absent. `items` names what is listed, in the
/// plural. Errors: UserFault for a page that reaches beyond store::kDeepestRow.
Result<store::PageRequest> read_page(const Query& query, std::string_view items);

/// The Link header of a page: `prev` and `first` where there are earlier pages, `next` when
/// `has_next`; empty when the list is this page alone. `url` is the list's, without a query.
std::string link_header(std::string_view url, const Query& query, store::PageRequest page,
                        bool has_next);

}  // namespace ostler::rest_api
