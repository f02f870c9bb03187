// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/uuid.hpp"
#include "model/plugin_state.hpp"
#include "store/job_events.hpp"
#include "store/page.hpp"
#include "store/plugin_locks.hpp"
#include "store/plugins.hpp"
#include "store/secrets.hpp"

// What step plugins have the hub keep.
namespace ostler::store {

struct FindState {
  JobId job;  ///< who asks: says which pipeline, host and cluster is meant
  model::StateKey at{};
};

struct KeptState {
  std::string value{};
  std::int64_t revision = 0;
};

struct ChangeState {
  JobId job;
  model::StateKey at{};
  std::optional<std::string> value{};      ///< none: deletes it
  std::optional<std::int64_t> expected{};  ///< revision that it has; 0: none; none: any
  std::string request{};                   ///< the same in a repeat
  Timestamp now{};
};

/// Takes a version off the hub. Agents that have it keep it.
struct UnpublishPlugin {
  OrganizationId organization;
  std::string name;
  std::string version;
  std::string platform;  ///< empty: for all platforms
  Timestamp now{};
};

/// One that people name.
struct FindPlugin {
  OrganizationId organization;
  std::string name;
  std::string version;  ///< the whole one
  std::string platform;
};

inline constexpr std::int64_t kMostPutsOfJob = 100;
/// That jobs may write; of one cluster.
inline constexpr std::int64_t kMostSecretsOfJobs = 1'000;

/// What the native number of an error says: it was published, and is not any more.
inline constexpr int kPluginUnpublished = 410;

/// A part of store::Store, with the errors that all its calls have. A job that no agent has is not
/// found.
class PluginRecords {
 public:
  template <class T>
  using Awaitable = boost::asio::awaitable<Result<T>>;
  virtual ~PluginRecords() = default;

  /// Those that were taken off, for their blobs. Another plugin never gets their name, version and
  /// platform; Store::plugin_for says kPluginUnpublished of them.
  /// Errors: NotFound when there are none.
  virtual Awaitable<std::vector<PluginId>> unpublish_plugin(UnpublishPlugin command) = 0;

  /// Errors: NotFound, with kPluginUnpublished where it was taken off.
  virtual Awaitable<PublishedPlugin> published_plugin(FindPlugin query) = 0;

  /// None when there is no such key. Errors: NotFound when there is no such job.
  virtual Awaitable<std::optional<KeptState>> plugin_state(FindState query) = 0;
  /// The new revision, greater than all before it; 0 when it is gone. A repeat of a request
  /// gives the same answer, whatever others have changed since. Errors: NotFound, also when the
  /// job is over; Conflict when the revision is another one, of which it tells; UserFault when the
  /// scope has kMostStateKeys keys, or the job has made 10,000 changes.
  virtual Awaitable<std::int64_t> change_plugin_state(ChangeState command) = 0;
  /// Those that begin with the query's, sorted. Errors: NotFound.
  virtual Awaitable<std::vector<std::string>> plugin_state_keys(FindState query) = 0;

  /// Makes the secret, or sets its value. A repeat of a request changes nothing, whoever has set it
  /// since. Errors: NotFound when the job is over, or of another cluster; Denied when a person made
  /// the secret and has not opened it to jobs; Conflict when its key is written in other letters;
  /// UserFault beyond kMostPutsOfJob and kMostSecretsOfJobs.
  virtual Awaitable<void> put_secret(PutSecret command) = 0;

  /// The lock, or a place among those who wait for it. A repeat changes nothing.
  /// Errors: NotFound when the job is over, or has given the wish up; Conflict when it holds the
  /// lock, or waits for it, by another wish; UserFault beyond kMostLocksOfJob and kMostLockWishes.
  virtual Awaitable<LockStanding> take_lock(TakeLock command) = 0;
  /// Errors: NotFound when there is no such wish, or it was given up.
  virtual Awaitable<LockStanding> lock_standing(LockWish wish) = 0;
  /// The job that has the lock now, if another one does. A repeat, and a wish that is not known,
  /// are fine; it comes to nothing later. Errors: NotFound when the job is over; UserFault for one
  /// that is not known beyond kMostLockWishes.
  virtual Awaitable<std::vector<JobId>> leave_lock(LeaveLock command) = 0;

  /// One whose sequence is known changes nothing; what exceeds kMostJobEvents or kMostJobEventBytes
  /// is dropped silently. Errors: NotFound when the job is not the agent's.
  virtual Awaitable<void> keep_job_events(KeepJobEvents command) = 0;
  /// By sequence.
  virtual Awaitable<Page<JobEvent>> job_events(JobId job, PageRequest page) = 0;
};

}  // namespace ostler::store
