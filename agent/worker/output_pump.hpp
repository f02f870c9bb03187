// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "base/unique_fd.hpp"
#include "worker/job_log.hpp"

namespace ostler::worker {

/// Carries what comes out of one terminal or pipe into the job's log. It outlives the child it was
/// made for: a process in the background may hold the other end for as long as the job runs.
/// Runs on: one thread.
class OutputPump {
 public:
  /// Takes the readable end, non-blocking. Requires: `log` outlives it.
  OutputPump(const boost::asio::any_io_executor& executor, UniqueFd readable, JobLog& log);
  ~OutputPump();

  /// Reads until the last writer is gone, or until `stop`.
  boost::asio::awaitable<void> run();
  /// Takes over what was written until now, and ends the child's stream: what the redactor
  /// withheld is shown.
  boost::asio::awaitable<void> drain();
  void stop();

 private:
  enum class Reading { Some, Nothing, Ended };
  Reading read_once();

  struct Source;
  std::unique_ptr<Source> source_;
  JobLog& log_;
  redact::Redactor redactor_;
  bool stopped_ = false;
};

}  // namespace ostler::worker
