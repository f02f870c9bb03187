// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "store/sqlite/task_queue.hpp"

namespace ostler::store::sqlite {

/// What a call does with a connection; may run more than once.
template <class T>
using Work = std::function<Result<T>(Connection&)>;

/// A task whose outcome resumes the coroutine that awaits it.
template <class T, class Handler>
class Call final : public Task {
 public:
  Call(Work<T> work, std::size_t weight, Handler handler)
      : Task(weight),
        work_(std::move(work)),
        handler_(std::move(handler)),
        executor_(boost::asio::prefer(boost::asio::get_associated_executor(handler_),
                                      boost::asio::execution::outstanding_work.tracked)) {}

  void run(Connection& database) override { outcome_.emplace(work_(database)); }
  bool has_failed() const override { return !outcome_->has_value(); }
  void fail(const Error& error) override { outcome_.emplace(error); }
  void complete() override {
    boost::asio::post(executor_,
                      [handler = std::move(handler_), outcome = std::move(*outcome_)]() mutable {
                        std::move(handler)(std::move(outcome));
                      });
  }

 private:
  Work<T> work_;
  std::optional<Result<T>> outcome_;
  Handler handler_;
  boost::asio::any_io_executor executor_;
};

/// Queues `work` and waits for its outcome. A refused call completes with the queue's error.
template <class T>
boost::asio::awaitable<Result<T>> await_call(TaskQueue& queue, Work<T> work,
                                             std::size_t weight = 0) {
  auto start = [&queue, weight](auto handler, Work<T> moved_work) {
    using Handler = std::decay_t<decltype(handler)>;
    std::unique_ptr<Task> task =
        std::make_unique<Call<T, Handler>>(std::move(moved_work), weight, std::move(handler));
    if (auto queued = queue.push(task); !queued) {
      task->fail(queued.error());
      task->complete();
    }
  };
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Result<T>)>(
      std::move(start), boost::asio::use_awaitable, std::move(work));
}

}  // namespace ostler::store::sqlite
