// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/reader_pool.hpp"

namespace ostler::store::sqlite {

ReaderPool::ReaderPool(std::vector<Connection> connections, TaskQueue& queue)
    : connections_(std::move(connections)), queue_(queue) {
  threads_.reserve(connections_.size());
  for (auto& connection : connections_) {
    threads_.emplace_back([this, &connection] { serve(connection); });
  }
}

ReaderPool::~ReaderPool() {
  for (auto& thread : threads_) thread.join();
}

void ReaderPool::serve(Connection& connection) {
  while (true) {
    const auto tasks = queue_.take(1);
    if (tasks.empty()) return;
    tasks.front()->run(connection);
    tasks.front()->complete();
  }
}

}  // namespace ostler::store::sqlite
