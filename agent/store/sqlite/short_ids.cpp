// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kBuildsBetween =
    "SELECT id FROM builds WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?";
constexpr std::string_view kJobsBetween =
    "SELECT id FROM jobs WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?";

}  // namespace

Result<ShortIdMatches> find_short_id(Connection& database, const FindShortId& query) {
  const auto& [first, last] = query.prefix;
  ShortIdMatches matches;
  OSTLER_TRY(matches.builds,
             database.list(kBuildsBetween, read_value<BuildId>, first, last, query.most));
  OSTLER_TRY(matches.jobs, database.list(kJobsBetween, read_value<JobId>, first, last, query.most));
  return matches;
}

}  // namespace ostler::store::sqlite
