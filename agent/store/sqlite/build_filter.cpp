// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/build_filter.hpp"

#include <functional>

#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// Bounds the length of the SQL; a caller asks for a handful.
constexpr std::size_t kMostAlternatives = 64;

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

std::string glob_of(const std::string& branch) {
  std::string glob;
  for (const char letter : branch) {
    const bool is_special = letter == '[' || letter == '?';
    glob += is_special ? std::string("[") + letter + "]" : std::string(1, letter);
  }
  return glob;
}

Condition where_branch(const std::string& branch) {
  if (branch.find('*') == std::string::npos) return where("b.branch = ?", branch);
  return {"b.branch GLOB ?", {[glob = glob_of(branch)](Statement& statement, int place) {
            statement.bind(place, glob);
          }}};
}

Condition where_meta_data(const std::pair<std::string, std::string>& item) {
  return {
      "b.id IN (SELECT m.build_id FROM meta_data m WHERE m.key = ? "
      "AND substr(m.value, 1, 200) = substr(?, 1, 200) AND m.value = ?)",
      {[&](Statement& statement, int place) { statement.bind(place, item.first); },
       [&](Statement& statement, int place) { statement.bind(place, item.second); },
       [&](Statement& statement, int place) { statement.bind(place, item.second); }}};
}

/// One list of alternatives: any of them must hold.
using Alternatives = std::vector<Condition>;

std::vector<Alternatives> alternatives_of(const BuildFilter& filter) {
  std::vector<Alternatives> lists;
  Alternatives commits;
  for (const auto& commit : filter.commits) commits.push_back(where("b.commit_ref = ?", commit));
  Alternatives branches;
  for (const auto& branch : filter.branches) branches.push_back(where_branch(branch));
  Alternatives states;
  for (const auto& state : filter.states) states.push_back(where("b.state = ?", state));
  for (Alternatives* list : {&commits, &branches, &states}) {
    if (!list->empty()) lists.push_back(std::move(*list));
  }
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
    sql += " AND (";
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) sql += " OR ";
      add(list[i]);
    }
    sql += ")";
  }
};

/// A branch of the union needs no more rows than limit and offset together.
Query query_of(const BuildFilter& filter, const Window& window) {
  auto lists = alternatives_of(filter);
  Alternatives driving = {{"1", {}}};
  if (!lists.empty()) {
    driving = std::move(lists.front());
    lists.erase(lists.begin());
  }
  const auto fixed = conditions_of(filter);
  Query query;
  for (const Condition& driver : driving) {
    query.sql += query.sql.empty() ? "" : " UNION ALL ";
    query.sql +=
        "SELECT * FROM (SELECT b.id AS id, b.created_at AS created_at FROM builds b WHERE ";
    query.add(driver);
    for (const Condition& condition : fixed) {
      query.sql += " AND ";
      query.add(condition);
    }
    for (const Alternatives& list : lists) query.add_any(list);
    query.sql += " ORDER BY b.created_at DESC, b.id DESC";
    query.add(where(" LIMIT ?", window.limit));
    query.add(where(" + ?)", window.offset));
  }
  // Two wildcards may match one build.
  query.sql =
      "SELECT DISTINCT id, created_at FROM (" + query.sql + ") ORDER BY created_at DESC, id DESC";
  query.add(where(" LIMIT ?", window.limit));
  query.add(where(" OFFSET ?", window.offset));
  return query;
}

}  // namespace

std::string build_list_sql(const BuildFilter& filter) { return query_of(filter, {}).sql; }

Result<std::vector<BuildId>> find_builds(Connection& database, const BuildFilter& filter,
                                         const Window& window) {
  const std::size_t alternatives =
      filter.branches.size() + filter.commits.size() + filter.states.size();
  if (alternatives + filter.meta_data.size() > kMostAlternatives) {
    return Error(Errc::UserFault, "the filter has too many values; use at most 64");
  }
  const Query query = query_of(filter, window);
  OSTLER_TRY(Statement* const statement, database.prepare(query.sql));
  const StatementUse use(*statement);
  int place = 1;
  for (const auto& bind : query.values) bind(*statement, place++);
  return database.rows(*statement, query.sql, read_value<BuildId>);
}

}  // namespace ostler::store::sqlite
