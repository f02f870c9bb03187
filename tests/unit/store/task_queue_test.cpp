// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/task_queue.hpp"

#include <gtest/gtest.h>

namespace ostler::store::sqlite {
namespace {

class IdleTask final : public Task {
 public:
  using Task::Task;
  void run(Connection&) override {}
  bool has_failed() const override { return false; }
  void fail(const Error&) override {}
};

Result<void> push(TaskQueue& queue, std::size_t weight) {
  return queue.push(std::make_shared<IdleTask>(weight));
}

TEST(TaskQueue, RefusesMoreTasksThanItMayHold) {
  TaskQueue queue(2, 1000);
  EXPECT_TRUE(push(queue, 0));
  EXPECT_TRUE(push(queue, 0));
  const auto refused = push(queue, 0);
  EXPECT_EQ(refused.error().code(), Errc::Unavailable);
  EXPECT_TRUE(refused.error().retryable());
  EXPECT_EQ(queue.take(1).size(), 1u);
  EXPECT_TRUE(push(queue, 0));
}

TEST(TaskQueue, RefusesMoreBytesThanItMayHoldButNeverASingleTask) {
  TaskQueue queue(10, 1000);
  EXPECT_TRUE(push(queue, 5000));
  EXPECT_FALSE(push(queue, 1));
  EXPECT_EQ(queue.take(10).size(), 1u);
  EXPECT_TRUE(push(queue, 1000));
}

TEST(TaskQueue, GivesOutWhatItHoldsAfterItWasClosed) {
  TaskQueue queue(10, 1000);
  EXPECT_TRUE(push(queue, 0));
  queue.close();
  EXPECT_FALSE(push(queue, 0));
  EXPECT_EQ(queue.take(10).size(), 1u);
  EXPECT_TRUE(queue.take(10).empty());
}

}  // namespace
}  // namespace ostler::store::sqlite
