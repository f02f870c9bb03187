// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/branch_names.hpp"

#include <set>

namespace ostler::store::sqlite {
namespace {

/// From the beginning of the wildcard on. A row at the last place says that not all were seen.
constexpr std::string_view kOfAll =
    "WITH RECURSIVE named(branch, place) AS ("
    "SELECT (SELECT min(b.branch) FROM builds b WHERE b.branch >= ?1), 1 UNION ALL "
    "SELECT (SELECT min(b.branch) FROM builds b WHERE b.branch > named.branch), place + 1 "
    "FROM named WHERE branch IS NOT NULL AND branch < ?1 || x'ff' AND place < ?3) "
    "SELECT branch, place FROM named "
    "WHERE branch IS NOT NULL AND (branch GLOB ?2 OR place = ?3) LIMIT ?4";
constexpr std::string_view kOfPipeline =
    "WITH RECURSIVE named(branch, place) AS ("
    "SELECT (SELECT min(b.branch) FROM builds b WHERE b.pipeline_id = ?5 AND b.branch >= ?1), 1 "
    "UNION ALL SELECT (SELECT min(b.branch) FROM builds b WHERE b.pipeline_id = ?5 "
    "AND b.branch > named.branch), place + 1 "
    "FROM named WHERE branch IS NOT NULL AND branch < ?1 || x'ff' AND place < ?3) "
    "SELECT branch, place FROM named "
    "WHERE branch IS NOT NULL AND (branch GLOB ?2 OR place = ?3) LIMIT ?4";

struct Named {
  std::string branch;
  std::int64_t place = 0;
};

Named read_named(Row& row) {
  Named named;
  row.take(named.branch, named.place);
  return named;
}

Result<std::vector<Named>> find_matches(Connection& database, const BuildFilter& filter,
                                        const std::string& wildcard) {
  const std::string beginning = wildcard.substr(0, wildcard.find('*'));
  const std::string glob = glob_of(wildcard);
  constexpr auto kLimit = static_cast<std::int64_t>(kMostBranchesNamed) + 1;
  if (!filter.pipeline) {
    return database.list(kOfAll, read_named, beginning, glob, kMostBranchesSeen, kLimit);
  }
  return database.list(kOfPipeline, read_named, beginning, glob, kMostBranchesSeen, kLimit,
                       *filter.pipeline);
}

}  // namespace

bool has_wildcard(const std::string& branch) { return branch.find('*') != branch.npos; }

std::string glob_of(const std::string& branch) {
  std::string glob;
  for (const char letter : branch) {
    const bool is_special = letter == '[' || letter == '?';
    glob += is_special ? std::string("[") + letter + "]" : std::string(1, letter);
  }
  return glob;
}

Result<std::optional<std::vector<std::string>>> name_branches(Connection& database,
                                                              const BuildFilter& filter) {
  std::set<std::string> names;
  for (const std::string& branch : filter.branches) {
    if (!has_wildcard(branch)) {
      names.insert(branch);
      continue;
    }
    OSTLER_TRY(const auto matches, find_matches(database, filter, branch));
    for (const Named& match : matches) {
      if (match.place == kMostBranchesSeen) return std::optional<std::vector<std::string>>();
      names.insert(match.branch);
    }
    if (names.size() > kMostBranchesNamed) return std::optional<std::vector<std::string>>();
  }
  return std::optional(std::vector<std::string>(names.begin(), names.end()));
}

}  // namespace ostler::store::sqlite
