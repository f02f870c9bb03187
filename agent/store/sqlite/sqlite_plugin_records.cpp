// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/sqlite_plugin_records.hpp"

#include <utility>

#include "store/sqlite/call_queues.hpp"
#include "store/sqlite/job_events.hpp"
#include "store/sqlite/plugin_locks.hpp"
#include "store/sqlite/plugin_records.hpp"
#include "store/sqlite/unpublished_plugins.hpp"

namespace ostler::store::sqlite {

PluginRecords::Awaitable<std::vector<PluginId>> SqlitePluginRecords::unpublish_plugin(
    UnpublishPlugin command) {
  return queues_.write(std::move(command), sqlite::unpublish_plugin);
}

PluginRecords::Awaitable<PublishedPlugin> SqlitePluginRecords::published_plugin(FindPlugin query) {
  return queues_.read(std::move(query), sqlite::load_published_plugin);
}

PluginRecords::Awaitable<std::optional<KeptState>> SqlitePluginRecords::plugin_state(
    FindState query) {
  return queues_.read(std::move(query), sqlite::find_plugin_state);
}

PluginRecords::Awaitable<std::int64_t> SqlitePluginRecords::change_plugin_state(
    ChangeState command) {
  return queues_.write(std::move(command), sqlite::change_plugin_state);
}

PluginRecords::Awaitable<std::vector<std::string>> SqlitePluginRecords::plugin_state_keys(
    FindState query) {
  return queues_.read(std::move(query), sqlite::list_plugin_state_keys);
}

PluginRecords::Awaitable<void> SqlitePluginRecords::put_secret(PutSecret command) {
  return queues_.write(std::move(command), sqlite::put_secret);
}

PluginRecords::Awaitable<LockStanding> SqlitePluginRecords::take_lock(TakeLock command) {
  return queues_.write(std::move(command), sqlite::take_lock);
}

PluginRecords::Awaitable<LockStanding> SqlitePluginRecords::lock_standing(LockWish wish) {
  return queues_.read(std::move(wish), sqlite::load_lock_standing);
}

PluginRecords::Awaitable<std::vector<JobId>> SqlitePluginRecords::leave_lock(LeaveLock command) {
  return queues_.write(std::move(command), sqlite::leave_lock);
}

PluginRecords::Awaitable<void> SqlitePluginRecords::keep_job_events(KeepJobEvents command) {
  return queues_.write(std::move(command), sqlite::keep_job_events);
}

PluginRecords::Awaitable<Page<JobEvent>> SqlitePluginRecords::job_events(JobId job,
                                                                         PageRequest page) {
  return queues_.read(job, page, sqlite::list_job_events);
}

}  // namespace ostler::store::sqlite
