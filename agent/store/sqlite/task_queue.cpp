// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/task_queue.hpp"

#include <algorithm>

namespace ostler::store::sqlite {
namespace {

Error unavailable(const char* why) { return Error(Errc::Unavailable, why).with_retryable(true); }

}  // namespace

Result<void> TaskQueue::push(std::shared_ptr<Task> task) {
  {
    const std::lock_guard lock(mutex_);
    if (is_closed_) return unavailable("store: it is closed");
    const bool is_full =
        tasks_.size() >= most_tasks_ || (!tasks_.empty() && bytes_ + task->weight() > most_bytes_);
    if (is_full) return unavailable("store: too many calls are waiting; try again");
    bytes_ += task->weight();
    tasks_.push_back(std::move(task));
  }
  is_ready_.notify_one();
  return success();
}

std::vector<std::shared_ptr<Task>> TaskQueue::take(std::size_t most) {
  std::unique_lock lock(mutex_);
  is_ready_.wait(lock, [&] { return is_closed_ || !tasks_.empty(); });
  std::vector<std::shared_ptr<Task>> taken;
  const std::size_t count = std::min(most, tasks_.size());
  taken.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    bytes_ -= tasks_.front()->weight();
    taken.push_back(std::move(tasks_.front()));
    tasks_.pop_front();
  }
  return taken;
}

void TaskQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  is_ready_.notify_all();
}

}  // namespace ostler::store::sqlite
