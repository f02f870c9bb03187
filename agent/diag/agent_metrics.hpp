// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace ostler::diag {

/// What one agent has done, counted under the names of the genuine agent's metrics. Thread-safe.
/// Source: job-lifecycle 10.3.
class AgentMetrics {
 public:
  /// `priority` and `queue` are the labels of the job counters.
  AgentMetrics(const std::string& priority, const std::string& queue);
  ~AgentMetrics();
  AgentMetrics(const AgentMetrics&) = delete;
  AgentMetrics& operator=(const AgentMetrics&) = delete;

  void worker_started();
  void worker_ended();

  /// `took`: from the question to its answer or failure, also while the server held it.
  void ping_sent(std::chrono::nanoseconds took);
  void ping_failed();
  /// `action`: one of the protocol's few words.
  void ping_answered(const std::string& action);
  void waited_between_pings(std::chrono::nanoseconds time);

  void job_started();
  void job_ended();

  /// `size` counts the log's bytes, `compressed` those that were sent.
  void chunk_sent(std::uint64_t size, std::uint64_t compressed, std::chrono::nanoseconds took);
  void chunk_failed(std::uint64_t size);

  /// Everything in the text format of Prometheus.
  std::string text() const;

 private:
  struct Counters;
  std::unique_ptr<Counters> counters_;
};

}  // namespace ostler::diag
