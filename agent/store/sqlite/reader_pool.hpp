// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thread>
#include <vector>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/task_queue.hpp"

namespace ostler::store::sqlite {

/// Threads that read, each with a connection of its own. A call sees everything that was committed
/// before it was queued; within one call each statement reads a state of its own.
class ReaderPool {
 public:
  /// Requires: `queue` outlives it; one thread per connection.
  ReaderPool(std::vector<Connection> connections, TaskQueue& queue);
  ReaderPool(const ReaderPool&) = delete;
  ReaderPool& operator=(const ReaderPool&) = delete;
  /// Waits until the queue is closed and empty.
  ~ReaderPool();

 private:
  void serve(Connection& connection);

  std::vector<Connection> connections_;
  TaskQueue& queue_;
  std::vector<std::thread> threads_;
};

}  // namespace ostler::store::sqlite
