// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/job_events.hpp"

#include <string_view>
#include <utility>

#include "store/sqlite/paging.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kOwner = "SELECT agent_id FROM jobs WHERE id = ?";
constexpr std::string_view kStored =
    "SELECT count(*), coalesce(sum(size), 0) FROM job_events WHERE job_id = ?";
constexpr std::string_view kNewerOfKind =
    "SELECT 1 FROM job_events WHERE job_id = ? AND kind = ? AND sequence > ?";
constexpr std::string_view kForgetOfKind =
    "DELETE FROM job_events WHERE job_id = ? AND kind = ? AND sequence < ?";
constexpr std::string_view kKeep =
    "INSERT INTO job_events (job_id, sequence, kind, at, size, data) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING";
constexpr std::string_view kList =
    "SELECT sequence, at, kind, data FROM job_events WHERE job_id = ? "
    "ORDER BY sequence LIMIT ? OFFSET ?";

struct StoredEvents {
  std::int64_t count = 0;
  std::int64_t bytes = 0;
};

Result<void> keep(Connection& database, JobId job, const JobEvent& event, StoredEvents& stored) {
  if (event.kind == kProgressEvent) {
    OSTLER_TRY(const auto newer,
               database.find(kNewerOfKind, read_int, job, event.kind, event.sequence));
    if (newer) return success();
    OSTLER_TRY(const auto forgotten, database.run(kForgetOfKind, job, event.kind, event.sequence));
    stored.count -= forgotten;
  }
  const auto size = static_cast<std::int64_t>(event.data.size());
  if (stored.count >= kMostJobEvents || stored.bytes + size > kMostJobEventBytes) return success();
  OSTLER_TRY(const auto kept,
             database.run(kKeep, job, event.sequence, event.kind, event.at, size, event.data));
  stored.count += kept;
  stored.bytes += kept * size;
  return success();
}

}  // namespace

Result<void> keep_job_events(Connection& database, const KeepJobEvents& command) {
  OSTLER_TRY(const auto owner,
             database.find(kOwner, read_value<std::optional<AgentId>>, command.job));
  if (!owner || *owner != command.agent) return Error(Errc::NotFound, "no such job of this agent");
  const auto read = [](Row& row) {
    StoredEvents stored;
    row.take(stored.count, stored.bytes);
    return stored;
  };
  OSTLER_TRY(auto stored, require(database.find(kStored, read, command.job), "count"));
  for (const JobEvent& event : command.events) {
    OSTLER_TRY(keep(database, command.job, event, stored));
  }
  return success();
}

Result<Page<JobEvent>> list_job_events(Connection& database, JobId job, const PageRequest& page) {
  OSTLER_TRY(const auto window, window_of(page));
  const auto read = [](Row& row) {
    JobEvent event;
    row.take(event.sequence, event.at, event.kind, event.data);
    return event;
  };
  return page_of(database.list(kList, read, job, window.limit, window.offset), page);
}

}  // namespace ostler::store::sqlite
