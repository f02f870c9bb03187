// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "store/blob_store.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/task_queue.hpp"

namespace ostler::store::sqlite {

/// What a writer has done. Any thread may read it.
struct WorkDone {
  std::atomic<std::int64_t> commits = 0;
  std::atomic<std::int64_t> commands = 0;  ///< that were committed
};

/// The one thread that writes. It commits whenever it is idle, never on a timer: everything that
/// was queued meanwhile shares the next transaction, with a savepoint each, so that one command's
/// failure undoes nothing of another's. Blobs are synced before the commit that speaks of them.
/// Callers hear of the outcome after the commit only.
class Writer {
 public:
  /// Requires: all that is referred to outlives it.
  Writer(Connection database, BlobStore& blobs, TaskQueue& queue, WorkDone& done);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  /// Waits until the queue is closed and empty.
  ~Writer();

 private:
  using Group = std::vector<std::shared_ptr<Task>>;

  void serve();
  void commit_group(Group& group);
  void commit_one(Task& task);
  Result<void> run_in_one_transaction(Group& group);
  Result<void> run_in_savepoint(Task& task);
  Result<void> commit(std::size_t commands);
  void roll_back();

  Connection database_;
  BlobStore& blobs_;
  TaskQueue& queue_;
  WorkDone& done_;
  std::thread thread_;
};

}  // namespace ostler::store::sqlite
