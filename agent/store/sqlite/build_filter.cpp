// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/build_filter.hpp"

#include <algorithm>
#include <functional>

#include "store/sqlite/branch_names.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// Bounds the length of the SQL; a caller asks for a handful.
constexpr std::size_t kMostAlternatives = 64;
/// So few builds are looked at one by one sooner than a long list is walked for them.
constexpr std::int64_t kFew = 1000;

/// A condition with its values, kept apart so that text and binding cannot part ways.
struct Condition {
  std::string sql;
  std::vector<std::function<void(Statement&, int)>> values;
};

template <class T>
Condition where(std::string sql, const T& value) {
  return {std::move(sql),
          {[&value](Statement& statement, int place) { statement.bind(place, value); }}};
}

Condition where_branch(const std::string& branch) {
  if (!has_wildcard(branch)) return where("b.branch = ?", branch);
  return {"b.branch GLOB ?", {[glob = glob_of(branch)](Statement& statement, int place) {
            statement.bind(place, glob);
          }}};
}

/// Without the "+" SQLite puts the value into the condition before, which then names no column and
/// has no index.
Condition where_meta_data(const std::pair<std::string, std::string>& item) {
  return {
      "b.id IN (SELECT m.build_id FROM meta_data m WHERE m.key = ? "
      "AND substr(m.value, 1, 200) = substr(?, 1, 200) AND +m.value = ?)",
      {[&](Statement& statement, int place) { statement.bind(place, item.first); },
       [&](Statement& statement, int place) { statement.bind(place, item.second); },
       [&](Statement& statement, int place) { statement.bind(place, item.second); }}};
}

/// The branches that a wildcard with a beginning can match, as a range of an index.
Condition where_branch_begins(const std::string& beginning) {
  const auto bind = [beginning](Statement& statement, int place) {
    statement.bind(place, beginning);
  };
  return {"b.branch >= ? AND b.branch < ? || x'ff'", {bind, bind}};
}

/// One list of alternatives: any of them must hold.
using Alternatives = std::vector<Condition>;

Alternatives commits_of(const BuildFilter& filter) {
  Alternatives list;
  for (const auto& commit : filter.commits) list.push_back(where("b.commit_ref = ?", commit));
  return list;
}

Alternatives branches_of(const BuildFilter& filter) {
  Alternatives list;
  for (const auto& branch : filter.branches) list.push_back(where_branch(branch));
  return list;
}

Alternatives states_of(const BuildFilter& filter) {
  Alternatives list;
  for (const auto& state : filter.states) list.push_back(where("b.state = ?", state));
  return list;
}

std::vector<Alternatives> alternatives_of(const BuildFilter& filter) {
  std::vector<Alternatives> lists{commits_of(filter), branches_of(filter), states_of(filter)};
  std::erase_if(lists, [](const Alternatives& list) { return list.empty(); });
  return lists;
}

std::vector<Condition> conditions_of(const BuildFilter& filter) {
  std::vector<Condition> all;
  if (filter.pipeline) all.push_back(where("b.pipeline_id = ?", *filter.pipeline));
  if (filter.creator) all.push_back(where("b.creator_id = ?", *filter.creator));
  if (filter.created_from) all.push_back(where("b.created_at >= ?", *filter.created_from));
  if (filter.created_to) all.push_back(where("b.created_at < ?", *filter.created_to));
  if (filter.finished_from) all.push_back(where("b.finished_at >= ?", *filter.finished_from));
  for (const auto& item : filter.meta_data) all.push_back(where_meta_data(item));
  return all;
}

/// A text under construction, with the values of its place holders in order.
struct Query {
  std::string sql;
  std::vector<std::function<void(Statement&, int)>> values;

  void add(const Condition& condition) {
    sql += condition.sql;
    values.insert(values.end(), condition.values.begin(), condition.values.end());
  }
  void add_any(const Alternatives& list) {
    sql += "(";
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) sql += " OR ";
      add(list[i]);
    }
    sql += ")";
  }
  void add_window(const Window& window) {
    add(where(" LIMIT ?", window.limit));
    add(where(" OFFSET ?", window.offset));
  }
};

/// Adds what the filter asks for to a query that ends with a condition.
void add_all(Query& query, const BuildFilter& filter, const std::vector<Alternatives>& lists) {
  for (const Condition& condition : conditions_of(filter)) {
    query.sql += " AND ";
    query.add(condition);
  }
  for (const Alternatives& list : lists) {
    query.sql += " AND ";
    query.add_any(list);
  }
}

/// Along an index that has the order of the list. A branch of the union needs no more rows than
/// limit and offset together.
Query ordered_query(const BuildFilter& filter, const Window& window) {
  auto lists = alternatives_of(filter);
  Alternatives driving = {{"1", {}}};
  if (!lists.empty()) {
    driving = std::move(lists.front());
    lists.erase(lists.begin());
  }
  Query query;
  for (const Condition& driver : driving) {
    query.sql += query.sql.empty() ? "" : " UNION ALL ";
    query.sql +=
        "SELECT * FROM (SELECT b.id AS id, b.created_at AS created_at FROM builds b WHERE ";
    query.add(driver);
    add_all(query, filter, lists);
    query.sql += " ORDER BY b.created_at DESC, b.id DESC";
    query.add(where(" LIMIT ?", window.limit));
    query.add(where(" + ?)", window.offset));
  }
  // Two wildcards may match one build.
  query.sql =
      "SELECT DISTINCT id, created_at FROM (" + query.sql + ") ORDER BY created_at DESC, id DESC";
  query.add_window(window);
  return query;
}

/// Looks at each of the few builds for which `leader` holds.
Query led_query(const Alternatives& leader, const BuildFilter& filter, const Window& window) {
  Query query{"WITH few AS MATERIALIZED (", {}};
  for (std::size_t i = 0; i < leader.size(); ++i) {
    query.sql += i == 0 ? "" : " UNION ";
    query.sql += "SELECT b.id FROM builds b WHERE ";
    query.add(leader[i]);
  }
  query.sql += ") SELECT b.id, b.created_at FROM few CROSS JOIN builds b ON b.id = few.id WHERE 1";
  add_all(query, filter, alternatives_of(filter));
  query.sql += " ORDER BY b.created_at DESC, b.id DESC";
  query.add_window(window);
  return query;
}

/// Whether one index has both the builds that the filter asks for and their order. Meta-data leads
/// to its builds by itself.
bool has_index_of_its_own(const BuildFilter& filter) {
  if (!filter.meta_data.empty()) return true;
  if (filter.finished_from || std::ranges::any_of(filter.branches, has_wildcard)) return false;
  const bool has_commits = !filter.commits.empty();
  const bool has_creator = filter.creator.has_value();
  if (filter.pipeline && (has_commits || has_creator)) return false;
  return has_commits + has_creator + !filter.branches.empty() + !filter.states.empty() <= 1;
}

/// Branches by index; none when a wildcard has no beginning.
Alternatives leading_branches(const BuildFilter& filter) {
  Alternatives list;
  for (const auto& branch : filter.branches) {
    const std::size_t star = branch.find('*');
    if (star == 0) return {};
    list.push_back(star == branch.npos ? where("b.branch = ?", branch)
                                       : where_branch_begins(branch.substr(0, star)));
  }
  return list;
}

/// Of the filter's pipeline only, if it has one.
Alternatives in_pipeline(Alternatives list, const BuildFilter& filter) {
  if (!filter.pipeline) return list;
  for (Condition& condition : list) {
    Condition both = where("b.pipeline_id = ? AND ", *filter.pipeline);
    both.sql += condition.sql;
    both.values.insert(both.values.end(), condition.values.begin(), condition.values.end());
    condition = std::move(both);
  }
  return list;
}

/// What an index answers, though not in the order of the list.
std::vector<Alternatives> leaders_of(const BuildFilter& filter) {
  std::vector<Alternatives> all{commits_of(filter), in_pipeline(leading_branches(filter), filter),
                                in_pipeline(states_of(filter), filter)};
  if (filter.creator) all.push_back({where("b.creator_id = ?", *filter.creator)});
  if (filter.finished_from) all.push_back({where("b.finished_at >= ?", *filter.finished_from)});
  if (filter.pipeline) all.push_back({where("b.pipeline_id = ?", *filter.pipeline)});
  std::erase_if(all, [](const Alternatives& list) { return list.empty(); });
  return all;
}

template <class T>
Result<std::vector<T>> rows_of(Connection& database, const Query& query) {
  OSTLER_TRY(Statement* const statement, database.prepare(query.sql));
  const StatementUse use(*statement);
  int place = 1;
  for (const auto& bind : query.values) bind(*statement, place++);
  return database.rows(*statement, query.sql, read_value<T>);
}

/// Whether so few builds are of any of these alternatives that each can be looked at.
Result<bool> are_few(Connection& database, const Alternatives& list) {
  std::int64_t count = 0;
  for (const Condition& condition : list) {
    Query query{"SELECT count(*) FROM (SELECT 1 FROM builds b WHERE ", {}};
    query.add(condition);
    query.add(where(" LIMIT ?)", kFew));
    OSTLER_TRY(const auto counts, rows_of<std::int64_t>(database, query));
    count += counts.front();
    if (count >= kFew) return false;
  }
  return true;
}

Result<Query> query_of(Connection& database, const BuildFilter& filter, const Window& window) {
  if (has_index_of_its_own(filter)) return ordered_query(filter, window);
  for (const Alternatives& leader : leaders_of(filter)) {
    OSTLER_TRY(const bool is_selective, are_few(database, leader));
    if (is_selective) return led_query(leader, filter, window);
  }
  return ordered_query(filter, window);
}

Result<std::vector<BuildId>> asked(Connection& database, const BuildFilter& filter,
                                   const Window& window) {
  OSTLER_TRY(const Query query, query_of(database, filter, window));
  return rows_of<BuildId>(database, query);
}

}  // namespace

std::string build_list_sql(const BuildFilter& filter) { return ordered_query(filter, {}).sql; }

Result<std::vector<BuildId>> find_builds(Connection& database, const BuildFilter& filter,
                                         const Window& window) {
  const std::size_t alternatives =
      filter.branches.size() + filter.commits.size() + filter.states.size();
  if (alternatives + filter.meta_data.size() > kMostAlternatives) {
    return Error(Errc::UserFault, "the filter has too many values; use at most 64");
  }
  if (std::ranges::none_of(filter.branches, has_wildcard)) return asked(database, filter, window);
  OSTLER_TRY(auto names, name_branches(database, filter));
  if (!names) return asked(database, filter, window);
  if (names->empty()) return std::vector<BuildId>();
  BuildFilter named = filter;
  named.branches = std::move(*names);
  return asked(database, named, window);
}

}  // namespace ostler::store::sqlite
