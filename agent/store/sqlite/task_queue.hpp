// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/result.hpp"

namespace ostler::store::sqlite {

class Connection;

/// One call of the store on its way through a worker thread.
class Task {
 public:
  /// `weight`: bytes that it keeps in memory while it waits.
  explicit Task(std::size_t weight) : weight_(weight) {}
  virtual ~Task() = default;
  std::size_t weight() const { return weight_; }

  /// Does the work. May be called again when its transaction was rolled back.
  virtual void run(Connection& database) = 0;
  /// Whether the last run failed.
  virtual bool has_failed() const = 0;
  /// Replaces the outcome by an error.
  virtual void fail(const Error& error) = 0;
  /// Hands the outcome to the caller, on the caller's executor. Called once, last.
  virtual void complete() = 0;

 private:
  std::size_t weight_;
};

/// Tasks waiting for worker threads. Bounded: what exceeds the limits is refused.
class TaskQueue {
 public:
  TaskQueue(std::size_t most_tasks, std::size_t most_bytes)
      : most_tasks_(most_tasks), most_bytes_(most_bytes) {}

  /// Takes the task and sets the pointer to null. Otherwise leaves it with the caller.
  /// Errors: Unavailable (retryable) when the queue is full or closed.
  Result<void> push(std::unique_ptr<Task>& task);

  /// Waits for tasks and takes up to `most` of them; empty once the queue is closed and empty.
  std::vector<std::unique_ptr<Task>> take(std::size_t most);

  /// Refuses further tasks; those that wait can still be taken.
  void close();

 private:
  const std::size_t most_tasks_;
  const std::size_t most_bytes_;
  std::mutex mutex_;
  std::condition_variable is_ready_;
  std::deque<std::unique_ptr<Task>> tasks_;  // guarded by mutex_, as is all below
  std::size_t bytes_ = 0;
  bool is_closed_ = false;
};

}  // namespace ostler::store::sqlite
