// SPDX-License-Identifier: Apache-2.0
#include "diag/hub_metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <mutex>

#include "diag/prometheus_parts.hpp"

namespace ostler::diag {
namespace {

/// Seconds: from a push to a waiting agent to an evening without one.
const prometheus::Histogram::BucketBoundaries kWaits = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,  1,
    2.5,   5,      10,    30,   60,    300,  900, 3600, 14400};

/// The library lets a counter only grow.
void raise_to(prometheus::Counter& counter, std::int64_t value) {
  const double step = static_cast<double>(value) - counter.Value();
  if (step > 0) counter.Increment(step);
}

}  // namespace

struct HubMetrics::Metrics {
  prometheus::Registry registry;
  std::mutex levels;  ///< scrapes set them one after the other
  prometheus::Family<prometheus::Histogram>& waits = make_histograms(
      registry, "ostler_hub_queue_wait_seconds", "Time from a job's readiness to its acceptance");
  prometheus::Family<prometheus::Gauge>& jobs =
      make_gauges(registry, "ostler_hub_jobs", "Jobs that are not over, by state");
  prometheus::Gauge& agents =
      make_gauge(registry, "ostler_hub_agents_connected", "Sessions of agents that are connected");
  prometheus::Counter& commits =
      make_counter(registry, "ostler_hub_commits_total", "Transactions that the store committed");
  prometheus::Counter& commands =
      make_counter(registry, "ostler_hub_commands_total", "Commands that they held");
  prometheus::Counter& log_bytes = make_counter(
      registry, "ostler_hub_log_bytes_total",
      "Bytes of log chunks that were acknowledged, with repeats and what exceeded the log limit");
  prometheus::Counter& log_compressed =
      make_counter(registry, "ostler_hub_log_compressed_bytes_total",
                   "The same chunks as they came, compressed");
  prometheus::Gauge& disk =
      make_gauge(registry, "ostler_hub_disk_bytes", "Size of the disk with the hub's data");
  prometheus::Gauge& disk_free =
      make_gauge(registry, "ostler_hub_disk_free_bytes", "Bytes that are free on it");
};

HubMetrics::HubMetrics() : metrics_(std::make_unique<Metrics>()) {}

HubMetrics::~HubMetrics() = default;

void HubMetrics::job_accepted(const std::string& queue, std::chrono::microseconds waited) {
  metrics_->waits.Add({{"queue", queue}}, kWaits)
      .Observe(std::chrono::duration<double>(waited).count());
}

void HubMetrics::log_acknowledged(std::int64_t bytes, std::size_t compressed) {
  metrics_->log_bytes.Increment(static_cast<double>(bytes));
  metrics_->log_compressed.Increment(static_cast<double>(compressed));
}

std::string HubMetrics::text(const HubLevels& levels) {
  const std::lock_guard lock(metrics_->levels);
  for (const auto& [state, count] : levels.jobs) {
    metrics_->jobs.Add({{"state", state}}).Set(static_cast<double>(count));
  }
  metrics_->agents.Set(static_cast<double>(levels.connected_agents));
  raise_to(metrics_->commits, levels.commits);
  raise_to(metrics_->commands, levels.commands);
  metrics_->disk.Set(static_cast<double>(levels.disk_bytes));
  metrics_->disk_free.Set(static_cast<double>(levels.disk_free_bytes));
  return text_of(metrics_->registry);
}

}  // namespace ostler::diag
