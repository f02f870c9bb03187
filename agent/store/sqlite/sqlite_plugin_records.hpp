// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/plugin_records.hpp"

namespace ostler::store::sqlite {

struct CallQueues;

class SqlitePluginRecords final : public PluginRecords {
 public:
  /// `queues` outlive it.
  explicit SqlitePluginRecords(CallQueues& queues) : queues_(queues) {}

  Awaitable<std::vector<PluginId>> unpublish_plugin(UnpublishPlugin command) override;
  Awaitable<PublishedPlugin> published_plugin(FindPlugin query) override;
  Awaitable<std::optional<KeptState>> plugin_state(FindState query) override;
  Awaitable<std::int64_t> change_plugin_state(ChangeState command) override;
  Awaitable<std::vector<std::string>> plugin_state_keys(FindState query) override;
  Awaitable<void> put_secret(PutSecret command) override;
  Awaitable<LockStanding> take_lock(TakeLock command) override;
  Awaitable<LockStanding> lock_standing(LockWish wish) override;
  Awaitable<std::vector<JobId>> leave_lock(LeaveLock command) override;
  Awaitable<void> keep_job_events(KeepJobEvents command) override;
  Awaitable<Page<JobEvent>> job_events(JobId job, PageRequest page) override;

 private:
  CallQueues& queues_;
};

}  // namespace ostler::store::sqlite
