// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ostler::diag {

/// How things stand in a hub at one moment.
struct HubLevels {
  std::vector<std::pair<std::string, std::int64_t>> jobs{};  ///< that are not over, by their state
  std::int64_t connected_agents = 0;
  std::int64_t commits = 0;   ///< of the store, since the hub's start
  std::int64_t commands = 0;  ///< committed by them
  std::int64_t disk_bytes = 0;
  std::int64_t disk_free_bytes = 0;
};

/// What a hub has done since its start. Thread-safe.
class HubMetrics {
 public:
  HubMetrics();
  ~HubMetrics();
  HubMetrics(const HubMetrics&) = delete;
  HubMetrics& operator=(const HubMetrics&) = delete;

  /// An agent took a job that had been ready for `waited`. `queue`: its key.
  void job_accepted(const std::string& queue, std::chrono::microseconds waited);
  /// A chunk of a log was acknowledged, be it a repeat or above the limit of its log: its bytes,
  /// and those that came compressed.
  void log_acknowledged(std::int64_t bytes, std::size_t compressed);

  /// Everything in the text format of Prometheus.
  std::string text(const HubLevels& levels);

 private:
  struct Metrics;
  std::unique_ptr<Metrics> metrics_;
};

}  // namespace ostler::diag
