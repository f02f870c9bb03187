// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <optional>

#include "supervise/async_channel.hpp"
#include "supervise/job_document.hpp"
#include "supervise/message.hpp"
#include "worker/cancellation.hpp"
#include "worker/event.hpp"
#include "worker/job_log.hpp"

namespace ostler::worker {

/// The worker's side of the conversation with its keeper. Runs on: one thread.
class KeeperLink {
 public:
  /// Requires: all three outlive it.
  KeeperLink(const boost::asio::any_io_executor& executor, supervise::AsyncChannel& channel,
             Cancellation& cancellation, JobLog& log);

  /// Waits for the job, which the agent sends when it has accepted it.
  /// Errors: Unavailable when the keeper went away; Protocol.
  boost::asio::awaitable<Result<supervise::JobDocument>> receive_job();

  /// Obeys the keeper until it is gone or the channel is closed. A keeper that goes by itself ends
  /// the job: everything is killed.
  boost::asio::awaitable<void> listen();

  /// Says that the first process of the user is about to start, and waits until that is in the
  /// journal. Errors: Unavailable.
  boost::asio::awaitable<Result<void>> declare_started();

  /// Sends an Agent API call and waits for the answer, for as long as no agent gives one.
  /// Errors: Unavailable when the job ends or too many calls wait.
  boost::asio::awaitable<Result<supervise::ApiReply>> call(supervise::ApiRequest request);
  /// No call is answered any more.
  void end_calls();

  /// Says something soon. A keeper that cannot be told any more has ended the job.
  template <class Message>
  void post(const Message& message) {
    channel_.post(message);
  }

  template <class Message>
  boost::asio::awaitable<Result<void>> send(const Message& message) {
    return channel_.send(message);
  }

 private:
  Result<void> obey(const supervise::Frame& frame);
  void cancel(const supervise::Cancel& message);

  supervise::AsyncChannel& channel_;
  Cancellation& cancellation_;
  JobLog& log_;
  bool lost_ = false;
  bool started_ = false;
  Event started_changed_;
  std::uint64_t last_call_ = 0;
  std::map<std::uint64_t, std::optional<supervise::ApiReply>> calls_;  // at most kMostCalls
  Event answered_;
};

}  // namespace ostler::worker
