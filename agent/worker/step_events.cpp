// SPDX-License-Identifier: Apache-2.0
#include "worker/step_events.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::worker {

namespace {

using nlohmann::json;

}  // namespace

supervise::Event progress_event(JobLog& log, const plugin_host::Progress& progress) {
  json data = {{"done", progress.done}};
  if (progress.attempt > 0) data["attempt"] = progress.attempt;
  wire::put_unless_empty(data, "phase", log.redacted(progress.phase));
  wire::put_unless_empty(data, "message", log.redacted(progress.message));
  return {"progress", wire::to_text(data)};
}

supervise::Event output_event(const std::string& plugin, const std::string& name,
                              const std::string& value) {
  return {"output",
          wire::to_text(
              {{"plugin", plugin}, {"name", name}, {"value", json::parse(value, nullptr, false)}})};
}

supervise::Event result_event(const std::string& plugin, const plugin_host::StepResult& result) {
  json data = json::parse(plugin_host::encode_result(result), nullptr, false);
  data["plugin"] = plugin;
  return {"result", wire::to_text(data)};
}

supervise::Event metric_event(const std::string& plugin, const plugin_host::Metric& metric) {
  json data = {
      {"plugin", plugin}, {"kind", metric.kind}, {"name", metric.name}, {"value", metric.value}};
  wire::put_unless_empty(data, "unit", metric.unit);
  return {"metric", wire::to_text(data)};
}

supervise::Event report_event(const std::string& plugin, const Report& report) {
  return {"report", wire::to_text({{"plugin", plugin},
                                   {"kind", report.kind},
                                   {"name", report.name},
                                   {"summary", json::parse(report.summary, nullptr, false)}})};
}

}  // namespace ostler::worker
