// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_metrics.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

json agents_of(const QueueCounts& counts) {
  return {{"idle", counts.idle_agents},
          {"busy", counts.busy_agents},
          {"total", counts.idle_agents + counts.busy_agents}};
}

json jobs_of(const QueueCounts& counts) {
  return {{"scheduled", counts.scheduled},
          {"running", counts.running},
          {"waiting", counts.waiting},
          {"total", counts.scheduled + counts.running + counts.waiting}};
}

json frame(const AgentMetrics& metrics, const QueueCounts& counts) {
  return {{"agents", agents_of(counts)},
          {"jobs", jobs_of(counts)},
          {"organization", {{"slug", metrics.organization}}},
          {"cluster", {{"name", metrics.cluster}}}};
}

}  // namespace

QueueCounts& QueueCounts::operator+=(const QueueCounts& other) {
  idle_agents += other.idle_agents;
  busy_agents += other.busy_agents;
  scheduled += other.scheduled;
  running += other.running;
  waiting += other.waiting;
  return *this;
}

std::string encode(const AgentMetrics& metrics) {
  QueueCounts sum;
  json agents = json::object();
  json jobs = json::object();
  for (const auto& [key, queue] : metrics.queues) {
    sum += queue;
    agents[key] = agents_of(queue);
    jobs[key] = jobs_of(queue);
  }
  json object = frame(metrics, sum);
  object["agents"]["queues"] = std::move(agents);
  object["jobs"]["queues"] = std::move(jobs);
  return to_text(object);
}

std::string encode_queue_metrics(const AgentMetrics& metrics, const QueueCounts& queue) {
  return to_text(frame(metrics, queue));
}

}  // namespace ostler::wire
