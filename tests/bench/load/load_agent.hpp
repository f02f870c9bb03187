// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "bench/load/connection.hpp"

namespace ostler::bench {

using Moment = std::chrono::steady_clock::time_point;

/// What happened to one job, as its agent saw it.
struct JobTimes {
  Moment offered;        ///< the answer with the job was there
  Moment started = {};   ///< start was answered
  Moment canceled = {};  ///< the hub had said that it is canceled; only of jobs that wait for that
  Moment finished = {};  ///< finish was answered
};

/// A job that runs, and the token that its commands speak with.
struct StartedJob {
  std::string id;
  std::string token;
};

/// What an agent does with the jobs that it gets.
struct JobPlan {
  bool listens_to_stream = false;  ///< to StreamPings; else it asks with held pings
  bool awaits_cancel = false;      ///< else it finishes at once, with 0
  std::size_t log_chunks = 0;      ///< before that it sends so many chunks
  std::string chunk = {};          ///< of this, gzipped
  std::size_t chunk_size = 0;      ///< before gzip
  std::function<void(const StartedJob&)> on_start = {};
  std::function<void(const JobTimes&)> on_finish = {};
};

/// An agent that speaks the whole protocol of a job and runs nothing. Runs on: one thread.
class LoadAgent {
 public:
  LoadAgent(boost::asio::any_io_executor executor, std::uint16_t port, const JobPlan& plan)
      : executor_(std::move(executor)), port_(port), connection_(executor_, port), plan_(plan) {}

  boost::asio::awaitable<void> connect(std::string name, std::string registration_token);
  /// Waits for jobs and runs them by the plan, until it is cancelled or told to stop.
  boost::asio::awaitable<void> serve();

 private:
  boost::asio::awaitable<void> ask_for_jobs();
  boost::asio::awaitable<void> listen_for_jobs();
  boost::asio::awaitable<void> run(const std::string& job, JobTimes times);
  boost::asio::awaitable<void> send_log(const std::string& job, const std::string& token);
  boost::asio::awaitable<void> await_cancel(const std::string& job, const std::string& token);
  boost::asio::awaitable<std::string> expect(std::string method, std::string path,
                                             std::string token, std::string body);

  boost::asio::any_io_executor executor_;
  std::uint16_t port_;
  Connection connection_;
  std::string id_;
  const JobPlan& plan_;
  std::string token_;
};

}  // namespace ostler::bench
