// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/builds.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/paging.hpp"

namespace ostler::store::sqlite {

/// The SQL of a list of builds along an index, newest first. Where a filter has alternatives, each
/// becomes a query of its own along an index in the order of the list, and the results are merged,
/// so that a page costs what it holds and not what the store holds. For several conditions at once
/// there is no such index; when few builds are of one of them, these are looked at instead.
std::string build_list_sql(const BuildFilter& filter);

/// The builds of one window of that list.
Result<std::vector<BuildId>> find_builds(Connection& database, const BuildFilter& filter,
                                         const Window& window);

}  // namespace ostler::store::sqlite
