// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ostler::bench {

using Moment = std::chrono::steady_clock::time_point;
using WallMicros = std::int64_t;

/// One job to give out.
struct JobOrder {
  std::map<std::string, std::string> env;  ///< added to what every job needs
};

/// What the hub saw of one job.
struct JobTrace {
  Moment offered;               ///< the ping that offers it was answered
  Moment canceled;              ///< the agent was told that the job is canceled
  Moment finished;              ///< finish was answered
  WallMicros accepted_at = 0;   ///< wall clock when accept was answered
  std::uint64_t log_bytes = 0;  ///< as its chunks declared
  std::string log;              ///< the first 64 KiB of it, without gzip
  std::string exit_status;
};

/// The smallest server that gives jobs to an agent: HTTP on loopback, everything in memory, waiting
/// pings. It measures agent, keeper and worker without the cost of a store.
class BenchHub {
 public:
  BenchHub();
  ~BenchHub();

  /// The Agent API's base URL.
  std::string endpoint() const;
  /// Waits (30 s at most) until `count` sessions wait for work.
  bool await_idle(int count);
  /// Gives all of `orders` out as agents ask, waits until the last is finished, and returns what
  /// it saw, in the order of `orders`. Ends the program when that takes more than 5 minutes.
  std::vector<JobTrace> run(const std::vector<JobOrder>& orders);
  /// Cancels every job that is given out now; from another thread than the one in run().
  void cancel();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ostler::bench
