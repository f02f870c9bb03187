// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_job_event.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "wire/json_list.hpp"
#include "wire/json_reader.hpp"
#include "wire/report_words.hpp"
#include "wire/rest_json.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

std::string share_of(const json& data) {
  const auto done = data.find("done");
  const std::int64_t parts =
      done != data.end() && done->is_number_integer() ? done->get<std::int64_t>() : 0;
  return std::to_string(parts / 100) + " %";
}

std::string with(std::string text, std::string_view separator, const std::string& more) {
  return more.empty() ? text : text.append(separator).append(more);
}

std::string describe_result(const json& data) {
  std::string text = with(text_in(data, "plugin"), " ", text_in(data, "outcome"));
  const std::string reason = text_in(data, "reason");
  if (!reason.empty()) text += " (" + reason + ")";
  text = with(std::move(text), ": ", text_in(data, "message"));
  return with(std::move(text), "; ", text_in(data, "hint"));
}

std::string formatted(const char* format, double number) {
  std::array<char, 400> text{};
  std::snprintf(text.data(), text.size(), format, number);
  return text.data();
}

/// " [0.01 s, 3.6 MiB; 2 commands 0.50 s]", of a plugin that was run.
std::string describe_usage(const json& data) {
  const json usage = data.value("usage", json());
  if (!usage.is_object()) return {};
  const auto number = [&](const char* key) {
    const auto found = usage.find(key);
    return found != usage.end() && found->is_number() ? found->get<double>() : 0;
  };
  std::string text = " [" + formatted("%.2f s", number("processor_ms") / 1e3);
  if (number("memory_bytes") > 0) {
    text += ", " + formatted("%.1f MiB", number("memory_bytes") / (1 << 20));
  }
  const auto commands = static_cast<std::int64_t>(std::clamp(number("commands"), 0.0, 1e9));
  if (commands > 0) {
    text += "; " + std::to_string(commands) + (commands == 1 ? " command " : " commands ") +
            formatted("%.2f s", number("commands_processor_ms") / 1e3);
  }
  return text + "]";
}

bool has_failed(const json& data) {
  if (!data.is_object()) return false;
  const std::string outcome = text_in(data, "outcome");
  return outcome == "failed" || outcome == "error";
}

/// What this version does not know is shown as it came.
std::string describe_event(const std::string& kind, const json& data) {
  if (!data.is_object()) return to_text(data);
  const std::string name = text_in(data, "name");
  if (kind == "result") return describe_result(data);
  if (kind == "progress") {
    return with(with(share_of(data), " ", text_in(data, "phase")), ": ", text_in(data, "message"));
  }
  if (kind == "output") return name + " = " + to_text(data.value("value", json()));
  if (kind == "metric") {
    return with(name + " = " + text_in(data, "value"), " ", text_in(data, "unit"));
  }
  if (kind == "report") return describe_report(data);
  return to_text(data);
}

}  // namespace

std::string encode_rest_job_event(std::int64_t sequence, Timestamp at, std::string_view kind,
                                  std::string_view data) {
  return JsonObjectText()
      .number("sequence", sequence)
      .text("kind", kind)
      .text("at", format_rfc3339(at))
      .raw("data", data)
      .finish();
}

Result<std::vector<RestJobEvent>> decode_rest_job_events(std::string_view text) {
  OSTLER_TRY(const auto list, parse_json(text, "events"));
  if (!list.is_array()) return Error(Errc::Protocol, "events: expected a list");
  std::vector<RestJobEvent> events;
  for (const json& item : list) {
    ObjectReader reader(item, "event");
    RestJobEvent event;
    reader.read("kind", event.kind);
    OSTLER_TRY(reader.finish());
    const json data = item.value("data", json());
    event.text = describe_event(event.kind, data);
    if (event.kind == "result" && has_failed(data)) event.failed_step = event.text;
    if (event.kind == "result" && data.is_object()) event.text += describe_usage(data);
    if (event.kind == "report") event.failed_tests = describe_failed_tests(data);
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace ostler::wire
