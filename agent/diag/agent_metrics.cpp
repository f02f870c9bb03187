// SPDX-License-Identifier: Apache-2.0
#include "diag/agent_metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "diag/prometheus_parts.hpp"

namespace ostler::diag {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Labels;
using prometheus::Registry;

constexpr const char* kPrefix = "buildkite_agent_";

Family<Counter>& counters(Registry& registry, const std::string& name, const std::string& help) {
  return make_counters(registry, kPrefix + name, help);
}

Counter& counter(Registry& registry, const std::string& name, const std::string& help,
                 const Labels& labels = {}) {
  return make_counter(registry, kPrefix + name, help, labels);
}

prometheus::Gauge& gauge(Registry& registry, const std::string& name, const std::string& help,
                         const Labels& labels) {
  return make_gauge(registry, kPrefix + name, help, labels);
}

prometheus::Histogram& chunk_sizes(Registry& registry) {
  return make_histograms(registry, std::string(kPrefix) + "logs_chunk_size_bytes",
                         "Sizes of the log chunks that were uploaded")
      .Add({}, prometheus::Histogram::BucketBoundaries{1e2, 1e3, 1e4, 1e5, 1e6});
}

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

struct AgentMetrics::Counters {
  explicit Counters(const Labels& job) : job_labels(job) {}

  Labels job_labels;
  Registry registry;
  Counter& workers_started = counter(registry, "workers_started_total", "Slots that began");
  Counter& workers_ended = counter(registry, "workers_ended_total", "Slots that ended");
  Counter& pings_sent = counter(registry, "pings_sent_total", "Questions for jobs");
  Counter& pings_errors = counter(registry, "pings_errors_total", "Those that failed");
  Family<Counter>& pings_actions =
      counters(registry, "pings_actions_total", "Answers, by what they ask for");
  Counter& pings_duration =
      counter(registry, "pings_duration_seconds_total", "Time until pings were answered");
  Counter& pings_wait =
      counter(registry, "pings_wait_duration_seconds_total", "Time between pings");
  Counter& jobs_started = counter(registry, "jobs_started_total", "Jobs that began", job_labels);
  Counter& jobs_ended = counter(registry, "jobs_ended_total", "Jobs that ended", job_labels);
  prometheus::Gauge& jobs_running = gauge(registry, "jobs_running", "Jobs that run", job_labels);
  Counter& chunks = counter(registry, "logs_chunks_uploaded_total", "Log chunks uploaded");
  Counter& bytes = counter(registry, "logs_bytes_uploaded_total", "Log bytes uploaded");
  Counter& chunk_errors =
      counter(registry, "logs_chunk_uploads_errored_total", "Log chunks given up");
  Counter& byte_errors = counter(registry, "logs_bytes_uploads_errored_total", "Their bytes");
  Counter& upload_duration =
      counter(registry, "logs_upload_duration_seconds_total", "Time that uploads of logs took");
  Counter& compressed = counter(registry, "logs_compressed_bytes_uploaded_total",
                                "Log bytes uploaded, as they were sent");
  prometheus::Histogram& sizes = chunk_sizes(registry);
};

AgentMetrics::AgentMetrics(const std::string& priority, const std::string& queue)
    : counters_(std::make_unique<Counters>(Labels{{"priority", priority}, {"queue", queue}})) {}

AgentMetrics::~AgentMetrics() = default;

void AgentMetrics::worker_started() { counters_->workers_started.Increment(); }
void AgentMetrics::worker_ended() { counters_->workers_ended.Increment(); }

void AgentMetrics::ping_sent(std::chrono::nanoseconds took) {
  counters_->pings_sent.Increment();
  counters_->pings_duration.Increment(seconds(took));
}

void AgentMetrics::ping_failed() { counters_->pings_errors.Increment(); }

void AgentMetrics::ping_answered(const std::string& action) {
  counters_->pings_actions.Add({{"action", action}}).Increment();
}

void AgentMetrics::waited_between_pings(std::chrono::nanoseconds time) {
  counters_->pings_wait.Increment(seconds(time));
}

void AgentMetrics::job_started() {
  counters_->jobs_started.Increment();
  counters_->jobs_running.Increment();
}

void AgentMetrics::job_ended() {
  counters_->jobs_ended.Increment();
  counters_->jobs_running.Decrement();
}

void AgentMetrics::chunk_sent(std::uint64_t size, std::uint64_t compressed,
                              std::chrono::nanoseconds took) {
  counters_->chunks.Increment();
  counters_->bytes.Increment(static_cast<double>(size));
  counters_->compressed.Increment(static_cast<double>(compressed));
  counters_->upload_duration.Increment(seconds(took));
  counters_->sizes.Observe(static_cast<double>(size));
}

void AgentMetrics::chunk_failed(std::uint64_t size) {
  counters_->chunk_errors.Increment();
  counters_->byte_errors.Increment(static_cast<double>(size));
}

std::string AgentMetrics::text() const { return text_of(counters_->registry); }

}  // namespace ostler::diag
