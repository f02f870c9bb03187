// SPDX-License-Identifier: Apache-2.0
#include "worker/keeper_link.hpp"

#include <utility>

#include "log/lines.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using supervise::MessageType;

namespace {

constexpr std::size_t kMostCalls = 128;  // half of what the keeper takes

Error gone() { return {Errc::Unavailable, "the keeper is gone"}; }

}  // namespace

KeeperLink::KeeperLink(const asio::any_io_executor& executor, supervise::AsyncChannel& channel,
                       Cancellation& cancellation, JobLog& log)
    : channel_(channel),
      cancellation_(cancellation),
      log_(log),
      started_changed_(executor),
      answered_(executor) {}

asio::awaitable<Result<supervise::JobDocument>> KeeperLink::receive_job() {
  OSTLER_CO_TRY(const supervise::Frame frame, co_await channel_.receive());
  OSTLER_CO_TRY(const supervise::Job job, supervise::decode<supervise::Job>(frame));
  co_return supervise::decode_job_document(job.document);
}

asio::awaitable<void> KeeperLink::listen() {
  while (true) {
    const auto frame = co_await channel_.receive();
    if (!frame || !obey(frame.value())) break;
  }
  lost_ = true;
  cancellation_.kill();
  log_.close();
  started_changed_.notify();
  end_calls();
}

Result<void> KeeperLink::obey(const supervise::Frame& frame) {
  switch (frame.type) {
    case MessageType::Cancel: {
      OSTLER_TRY(const auto message, supervise::decode<supervise::Cancel>(frame));
      cancel(message);
      return success();
    }
    case MessageType::Kill: cancellation_.kill(); return success();
    case MessageType::StartedAck:
      started_ = true;
      started_changed_.notify();
      return success();
    case MessageType::ApiReply: {
      OSTLER_TRY(auto reply, supervise::decode<supervise::ApiReply>(frame));
      const auto waiting = calls_.find(reply.id);
      if (waiting != calls_.end()) waiting->second = std::move(reply);
      answered_.notify();
      return success();
    }
    default: return success();  // of a later minor version
  }
}

void KeeperLink::cancel(const supervise::Cancel& message) {
  if (cancellation_.is_cancelled()) return;
  log_.line(log::comment("Received cancellation signal, interrupting"));
  cancellation_.cancel(message.reason, std::chrono::milliseconds(message.signal_timeout_ms));
}

asio::awaitable<Result<void>> KeeperLink::declare_started() {
  log_.push();
  OSTLER_CO_TRY(co_await send(supervise::Started{}));
  while (!started_ && !lost_) co_await started_changed_.wait();
  if (lost_) co_return gone();
  co_return success();
}

asio::awaitable<Result<supervise::ApiReply>> KeeperLink::call(supervise::ApiRequest request) {
  if (lost_) co_return gone();
  if (calls_.size() >= kMostCalls) {
    co_return Error(Errc::Unavailable, "too many calls of this job wait for the server")
        .with_retryable(true);
  }
  request.id = ++last_call_;
  calls_.emplace(request.id, std::nullopt);
  auto sent = co_await send(request);
  while (sent && !lost_ && !calls_.at(request.id)) co_await answered_.wait();
  auto reply = std::move(calls_.at(request.id));
  calls_.erase(request.id);
  if (!reply) co_return gone();
  co_return std::move(*reply);
}

void KeeperLink::end_calls() {
  lost_ = true;
  answered_.notify();
}

}  // namespace ostler::worker
