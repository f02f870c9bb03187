// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string_view>
#include <utility>

#include "model/job_state.hpp"
#include "model/plugin_state.hpp"
#include "store/sqlite/plugin_records.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// What a host keeps goes when nothing of it has changed for so long, and no agent was on it.
constexpr std::chrono::days kLifeOfGoneHost{30};
/// Enough for any job; bounds what is remembered of one.
constexpr std::int64_t kMostChangesOfJob = 10'000;

constexpr std::string_view kPlaceOfJob =
    "SELECT CASE ?2 WHEN 0 THEN b.pipeline_id ELSE a.cluster_id END, "
    "CASE ?2 WHEN 1 THEN a.hostname ELSE '' END, j.state "
    "FROM jobs j JOIN builds b ON b.id = j.build_id JOIN agents a ON a.id = j.agent_id "
    "WHERE j.id = ?1";
constexpr std::string_view kFind =
    "SELECT value, revision FROM plugin_states "
    "WHERE owner = ? AND scope = ? AND host = ? AND plugin = ? AND key = ?";
constexpr std::string_view kPut =
    "INSERT INTO plugin_states (owner, scope, host, plugin, key, value, revision, changed_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (owner, scope, host, plugin, key) "
    "DO UPDATE SET value = ?6, revision = ?7, changed_at = ?8";
constexpr std::string_view kDelete =
    "DELETE FROM plugin_states WHERE owner = ? AND scope = ? AND host = ? AND plugin = ? "
    "AND key = ?";
constexpr std::string_view kCount =
    "SELECT count(*) FROM plugin_states WHERE owner = ? AND scope = ? AND host = ?";
constexpr std::string_view kForgetGoneHosts =
    "DELETE FROM plugin_states WHERE rowid IN (SELECT s.rowid FROM plugin_states s "
    "WHERE s.owner = ?1 AND s.scope = ?2 AND s.changed_at < ?3 AND NOT EXISTS (SELECT 1 "
    "FROM agents a WHERE a.cluster_id = s.owner AND a.hostname = s.host AND a.heartbeat_at >= ?3) "
    "LIMIT 2000)";
constexpr std::string_view kKeys =
    "SELECT key FROM plugin_states WHERE owner = ?1 AND scope = ?2 AND host = ?3 AND plugin = ?4 "
    "AND key >= ?5 AND substr(key, 1, length(?5)) = ?5 ORDER BY key";
constexpr std::string_view kMade =
    "SELECT revision FROM plugin_state_requests WHERE job_id = ? AND request = ?";
constexpr std::string_view kCountMade =
    "SELECT count(*) FROM plugin_state_requests WHERE job_id = ?";
constexpr std::string_view kRemember =
    "INSERT INTO plugin_state_requests (job_id, request, revision) VALUES (?, ?, ?)";

/// Where the values of a scope are, for one job.
struct Place {
  Uuid owner;
  std::string host{};
  model::JobState job_state{};
};

Result<Place> place_of(Connection& database, JobId job, model::StateScope scope) {
  const auto read = [](Row& row) {
    Place place;
    row.take(place.owner, place.host, place.job_state);
    return place;
  };
  return require(database.find(kPlaceOfJob, read, job, scope), "job of an agent");
}

Result<std::optional<KeptState>> find_kept(Connection& database, const Place& place,
                                           const model::StateKey& at) {
  const auto read = [](Row& row) {
    KeptState kept;
    row.take(kept.value, kept.revision);
    return kept;
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

/// Hosts that are made for a day would fill the store: each that comes makes room after others.
Result<void> forget_gone_hosts(Connection& database, const Place& place, Timestamp now) {
  OSTLER_TRY(
      database.run(kForgetGoneHosts, place.owner, model::StateScope::Host, now + -kLifeOfGoneHost));
  return success();
}

Result<void> make_room(Connection& database, const Place& place, const ChangeState& command) {
  const model::StateScope scope = command.at.scope;
  OSTLER_TRY(const auto count,
             require(database.find(kCount, read_int, place.owner, scope, place.host), "count"));
  if (count == 0 && scope == model::StateScope::Host) {
    OSTLER_TRY(forget_gone_hosts(database, place, command.now));
  }
  if (count < model::kMostStateKeys) return success();
  return Error(Errc::UserFault, "there are 1,000 keys in the scope " +
                                    std::string(model::name_of(scope)) + " already; delete some");
}

Result<std::int64_t> put_state(Connection& database, const Place& place,
                               const ChangeState& command) {
  OSTLER_TRY(const auto revision, next_plugin_number(database));
  OSTLER_TRY(database.run(kPut, place.owner, command.at.scope, place.host, command.at.plugin,
                          command.at.key, *command.value, revision, command.now));
  return revision;
}

/// Every change of a job is remembered until the job is over: its repeat may come after changes of
/// others, which it must not undo.
Result<void> remember_change(Connection& database, const ChangeState& command,
                             std::int64_t revision) {
  OSTLER_TRY(const auto made, require(database.find(kCountMade, read_int, command.job), "count"));
  if (made >= kMostChangesOfJob) {
    return Error(Errc::UserFault, "the job has changed values 10,000 times; no job needs more");
  }
  OSTLER_TRY(database.run(kRemember, command.job, command.request, revision));
  return success();
}

}  // namespace

Result<std::int64_t> next_plugin_number(Connection& database) {
  return require(
      database.find("UPDATE plugin_numbers SET last = last + 1 RETURNING last", read_int),
      "row of plugin_numbers");
}

Result<std::optional<KeptState>> find_plugin_state(Connection& database, const FindState& query) {
  OSTLER_TRY(const Place place, place_of(database, query.job, query.at.scope));
  return find_kept(database, place, query.at);
}

Result<std::int64_t> change_plugin_state(Connection& database, const ChangeState& command) {
  const model::StateKey& at = command.at;
  OSTLER_TRY(const Place place, place_of(database, command.job, at.scope));
  if (model::is_terminal(place.job_state)) return Error(Errc::NotFound, "the job is over");
  OSTLER_TRY(const auto made, database.find(kMade, read_int, command.job, command.request));
  if (made) return *made;
  OSTLER_TRY(const auto kept, find_kept(database, place, at));
  const std::int64_t has = kept ? kept->revision : 0;
  if (command.expected.value_or(has) != has) {
    return of_another_revision(at.key, has, *command.expected);
  }
  std::int64_t revision = 0;
  if (!command.value) {
    OSTLER_TRY(database.run(kDelete, place.owner, at.scope, place.host, at.plugin, at.key));
  } else {
    if (!kept) {
      OSTLER_TRY(make_room(database, place, command));
    }
    OSTLER_TRY(revision, put_state(database, place, command));
  }
  OSTLER_TRY(remember_change(database, command, revision));
  return revision;
}

Result<std::vector<std::string>> list_plugin_state_keys(Connection& database,
                                                        const FindState& query) {
  OSTLER_TRY(const Place place, place_of(database, query.job, query.at.scope));
  return database.list(kKeys, read_text, place.owner, query.at.scope, place.host, query.at.plugin,
                       query.at.key);
}

Result<void> forget_changes_of(Connection& database, JobId job) {
  OSTLER_TRY(database.run("DELETE FROM plugin_state_requests WHERE job_id = ?", job));
  return success();
}

}  // namespace ostler::store::sqlite
