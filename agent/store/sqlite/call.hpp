// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "store/sqlite/task_queue.hpp"

namespace ostler::store::sqlite {

/// What a call does with a connection; may run more than once.
template <class T>
using Work = std::function<Result<T>(Connection&)>;

template <class T>
class Call final : public Task {
 public:
  Call(Work<T> work, std::size_t weight) : Task(weight), work_(std::move(work)) {}

  void run(Connection& database) override { outcome_.emplace(work_(database)); }
  bool has_failed() const override { return !outcome_->has_value(); }
  void fail(const Error& error) override { outcome_.emplace(error); }
  Result<T> take_outcome() { return std::move(*outcome_); }

 private:
  Work<T> work_;
  std::optional<Result<T>> outcome_;
};

/// Queues a task and waits until it is completed; one that is refused fails with the queue's error.
boost::asio::awaitable<void> await_task(TaskQueue& queue, std::shared_ptr<Task> task);

/// Queues `work` and waits for its outcome.
template <class T>
boost::asio::awaitable<Result<T>> await_call(TaskQueue& queue, Work<T> work,
                                             std::size_t weight = 0) {
  const auto call = std::make_shared<Call<T>>(std::move(work), weight);
  co_await await_task(queue, call);
  co_return call->take_outcome();
}

}  // namespace ostler::store::sqlite
