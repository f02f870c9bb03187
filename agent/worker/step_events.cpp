// SPDX-License-Identifier: Apache-2.0
#include "worker/step_events.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "wire/json_reader.hpp"
#include "wire/rest_json.hpp"

namespace ostler::worker {

namespace {

using nlohmann::json;

/// The value as it was written: numbers that are written again grow. What readers refuse, such as
/// 1e400, is told as a text.
wire::JsonObjectText& as_value(wire::JsonObjectText& object, std::string_view key,
                               const std::string& value) {
  return json::accept(value) ? object.raw(key, value) : object.text(key, value);
}

std::int64_t in_milliseconds(std::chrono::microseconds time) {
  return std::chrono::round<std::chrono::milliseconds>(time).count();
}

std::string encode_usage(const plugin_host::BoxUsage& usage) {
  json data = {{"processor_ms", in_milliseconds(usage.processor)}};
  if (usage.memory > 0) data["memory_bytes"] = usage.memory;
  if (usage.commands.count > 0) {
    data["commands"] = usage.commands.count;
    data["commands_processor_ms"] = in_milliseconds(usage.commands.processor);
  }
  return wire::to_text(data);
}

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
  wire::JsonObjectText data;
  data.text("name", name).text("plugin", plugin);
  return {"output", as_value(data, "value", value).finish()};
}

supervise::Event result_event(const std::string& plugin, const plugin_host::StepResult& result,
                              const std::optional<plugin_host::BoxUsage>& usage) {
  std::string data = plugin_host::encode_result(result);
  data.insert(1, "\"plugin\":" + wire::json_string(plugin) + ",");
  if (usage) data.insert(data.size() - 1, ",\"usage\":" + encode_usage(*usage));
  return {"result", std::move(data)};
}

supervise::Event metric_event(const std::string& plugin, const plugin_host::Metric& metric) {
  json data = {
      {"plugin", plugin}, {"kind", metric.kind}, {"name", metric.name}, {"value", metric.value}};
  wire::put_unless_empty(data, "unit", metric.unit);
  return {"metric", wire::to_text(data)};
}

supervise::Event report_event(const std::string& plugin, const Report& report) {
  wire::JsonObjectText data;
  data.text("kind", report.kind).text("name", report.name).text("plugin", plugin);
  return {"report", as_value(data, "summary", report.summary).finish()};
}

}  // namespace ostler::worker
