// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string_view>
#include <utility>

#include "model/plugin_state.hpp"
#include "store/sqlite/plugin_records.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// A request is not repeated later than this.
constexpr std::chrono::hours kDeletedLife{1};

constexpr std::string_view kPlaceOfJob =
    "SELECT CASE ?2 WHEN 0 THEN b.pipeline_id ELSE a.cluster_id END, "
    "CASE ?2 WHEN 1 THEN a.hostname ELSE '' END "
    "FROM jobs j JOIN builds b ON b.id = j.build_id JOIN agents a ON a.id = j.agent_id "
    "WHERE j.id = ?1";
constexpr std::string_view kFind =
    "SELECT value, revision, is_deleted, request FROM plugin_states "
    "WHERE owner = ? AND scope = ? AND host = ? AND plugin = ? AND key = ?";
constexpr std::string_view kPut =
    "INSERT INTO plugin_states (owner, scope, host, plugin, key, value, is_deleted, revision, "
    "request, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
    "ON CONFLICT (owner, scope, host, plugin, key) DO UPDATE SET value = ?6, is_deleted = ?7, "
    "revision = ?8, request = ?9, changed_at = ?10";
constexpr std::string_view kCount =
    "SELECT count(*) FROM plugin_states WHERE owner = ? AND scope = ? AND host = ?";
constexpr std::string_view kForgetDeleted =
    "DELETE FROM plugin_states WHERE owner = ? AND scope = ? AND host = ? AND is_deleted = 1 "
    "AND changed_at < ?";
constexpr std::string_view kKeys =
    "SELECT key FROM plugin_states WHERE owner = ?1 AND scope = ?2 AND host = ?3 AND plugin = ?4 "
    "AND key >= ?5 AND substr(key, 1, length(?5)) = ?5 AND is_deleted = 0 ORDER BY key";

/// Where the values of a scope are, for one job.
struct Place {
  Uuid owner;
  std::string host{};
};
struct StateRow {
  KeptState kept{};
  bool is_deleted = false;
  std::string request{};

  std::int64_t revision() const { return is_deleted ? 0 : kept.revision; }
};

Result<Place> place_of(Connection& database, JobId job, model::StateScope scope) {
  const auto read = [](Row& row) {
    Place place;
    row.take(place.owner, place.host);
    return place;
  };
  return require(database.find(kPlaceOfJob, read, job, scope), "job of an agent");
}

Result<std::optional<StateRow>> find_row(Connection& database, const Place& place,
                                         const model::StateKey& at) {
  const auto read = [](Row& row) {
    StateRow found;
    row.take(found.kept.value, found.kept.revision, found.is_deleted, found.request);
    return found;
  };
  return database.find(kFind, read, place.owner, at.scope, place.host, at.plugin, at.key);
}

Error of_another_revision(const std::string& key, std::int64_t has, std::int64_t expected) {
  const std::string text = "the key " + key;
  if (has == 0) {
    return {Errc::Conflict,
            text + " is not there, and so has not revision " + std::to_string(expected)};
  }
  const std::string number = text + " has revision " + std::to_string(has);
  return {Errc::Conflict, expected == 0 ? number + ", and was to be new"
                                        : number + ", not " + std::to_string(expected)};
}

Result<void> make_room(Connection& database, const Place& place, const ChangeState& command) {
  OSTLER_TRY(database.run(kForgetDeleted, place.owner, command.at.scope, place.host,
                          command.now + -kDeletedLife));
  OSTLER_TRY(
      const auto count,
      require(database.find(kCount, read_int, place.owner, command.at.scope, place.host), "count"));
  if (count < model::kMostStateKeys) return success();
  return Error(Errc::UserFault, "there are 1,000 keys in the scope " +
                                    std::string(model::name_of(command.at.scope)) +
                                    " already; delete some, whose room is free an hour later");
}

}  // namespace

Result<std::int64_t> next_plugin_number(Connection& database) {
  return require(
      database.find("UPDATE plugin_numbers SET last = last + 1 RETURNING last", read_int),
      "row of plugin_numbers");
}

Result<std::optional<KeptState>> find_plugin_state(Connection& database, const FindState& query) {
  OSTLER_TRY(const Place place, place_of(database, query.job, query.at.scope));
  OSTLER_TRY(auto row, find_row(database, place, query.at));
  if (!row || row->is_deleted) return std::optional<KeptState>();
  return std::optional(std::move(row->kept));
}

Result<std::int64_t> change_plugin_state(Connection& database, const ChangeState& command) {
  OSTLER_TRY(const Place place, place_of(database, command.job, command.at.scope));
  OSTLER_TRY(const auto row, find_row(database, place, command.at));
  if (row && row->request == command.request) return row->revision();
  const std::int64_t has = row ? row->revision() : 0;
  if (command.expected.value_or(has) != has) {
    return of_another_revision(command.at.key, has, *command.expected);
  }
  const bool is_deleted = !command.value;
  if (is_deleted && has == 0) return 0;
  if (!row) {
    OSTLER_TRY(make_room(database, place, command));
  }
  OSTLER_TRY(const auto revision, next_plugin_number(database));
  OSTLER_TRY(database.run(kPut, place.owner, command.at.scope, place.host, command.at.plugin,
                          command.at.key, command.value.value_or(""), is_deleted, revision,
                          command.request, command.now));
  return is_deleted ? 0 : revision;
}

Result<std::vector<std::string>> list_plugin_state_keys(Connection& database,
                                                        const FindState& query) {
  OSTLER_TRY(const Place place, place_of(database, query.job, query.at.scope));
  return database.list(kKeys, read_text, place.owner, query.at.scope, place.host, query.at.plugin,
                       query.at.key);
}

}  // namespace ostler::store::sqlite
