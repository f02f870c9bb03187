// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "store/blob_store.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/task_queue.hpp"

namespace ostler::store::sqlite {

/// The one thread that writes. It commits whenever it is idle, never on a timer: everything that
/// was queued meanwhile shares the next transaction, with a savepoint each, so that one command's
/// failure undoes nothing of another's. Blobs are synced before the commit that speaks of them.
/// Callers hear of the outcome after the commit only.
class Writer {
 public:
  /// Requires: `queue` and `blobs` outlive it.
  Writer(Connection database, BlobStore& blobs, TaskQueue& queue);
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
  Result<void> commit();
  void roll_back();

  Connection database_;
  BlobStore& blobs_;
  TaskQueue& queue_;
  std::thread thread_;
};

}  // namespace ostler::store::sqlite
