// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/builds.hpp"
#include "store/sqlite/connection.hpp"

namespace ostler::store::sqlite {

/// So many different branches are looked at for one wildcard.
inline constexpr std::int64_t kMostBranchesSeen = 20'000;
/// So many branches may match before a walk along the list finds a page of their builds sooner.
inline constexpr std::size_t kMostBranchesNamed = 64;

bool has_wildcard(const std::string& branch);

/// The pattern of SQLite's GLOB: of its special letters only "*" is one in a filter.
std::string glob_of(const std::string& branch);

/// The branches of builds for which the branches of the filter stand, its wildcards replaced by
/// what they match: the index of branches is asked for one different branch after the other,
/// whatever the number of builds of each. Nothing when there are more than the bounds above.
Result<std::optional<std::vector<std::string>>> name_branches(Connection& database,
                                                              const BuildFilter& filter);

}  // namespace ostler::store::sqlite
