// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/call.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ostler::store::sqlite {
namespace {

/// Resumes a coroutine on its executor, which is kept busy until then.
template <class Handler>
class CoroutineResumption final : public Resumption {
 public:
  explicit CoroutineResumption(Handler handler)
      : handler_(std::move(handler)),
        executor_(boost::asio::prefer(boost::asio::get_associated_executor(handler_),
                                      boost::asio::execution::outstanding_work.tracked)) {}

  void resume() override { boost::asio::post(executor_, std::move(handler_)); }

 private:
  Handler handler_;
  boost::asio::any_io_executor executor_;
};

}  // namespace

boost::asio::awaitable<void> await_task(TaskQueue& queue, std::shared_ptr<Task> task) {
  auto start = [&queue](auto handler, const std::shared_ptr<Task>& started) {
    using Handler = std::decay_t<decltype(handler)>;
    started->resume_by(std::make_unique<CoroutineResumption<Handler>>(std::move(handler)));
    if (auto queued = queue.push(started); !queued) {
      started->fail(queued.error());
      started->complete();
    }
  };
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
      std::move(start), boost::asio::use_awaitable, std::move(task));
}

}  // namespace ostler::store::sqlite
