// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace ostler::store::sqlite {

class Connection;

/// How a caller hears that its task is done.
class Resumption {
 public:
  virtual ~Resumption() = default;
  virtual void resume() = 0;
};

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

  void resume_by(std::unique_ptr<Resumption> resumption) { resumption_ = std::move(resumption); }
  /// Lets the caller go on, on its own executor. Called once, last.
  void complete() { std::exchange(resumption_, nullptr)->resume(); }

 private:
  std::size_t weight_;
  std::unique_ptr<Resumption> resumption_;
};

/// Tasks waiting for worker threads. Bounded: what exceeds the limits is refused.
class TaskQueue {
 public:
  TaskQueue(std::size_t most_tasks, std::size_t most_bytes)
      : most_tasks_(most_tasks), most_bytes_(most_bytes) {}

  /// Errors: Unavailable (retryable) when the queue is full or closed.
  Result<void> push(std::shared_ptr<Task> task);

  /// Waits for tasks and takes up to `most` of them; empty once the queue is closed and empty.
  std::vector<std::shared_ptr<Task>> take(std::size_t most);

  /// Refuses further tasks; those that wait can still be taken.
  void close();

 private:
  const std::size_t most_tasks_;
  const std::size_t most_bytes_;
  std::mutex mutex_;
  std::condition_variable is_ready_;
  std::deque<std::shared_ptr<Task>> tasks_;  // guarded by mutex_, as is all below
  std::size_t bytes_ = 0;
  bool is_closed_ = false;
};

}  // namespace ostler::store::sqlite
