// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_events.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"
#include "wire/json_slices.hpp"
#include "wire/rest_json.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

bool is_event_kind(std::string_view kind) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '-'; };
  return !kind.empty() && kind.size() <= kLongestEventKind && std::ranges::all_of(kind, fits);
}

/// `text` is that of `object`: the data is kept as it came.
Result<JobEvent> read_job_event(const json& object, std::string_view text) {
  ObjectReader reader(object, "event");
  JobEvent event;
  std::optional<Timestamp> at;
  event.sequence = -1;
  reader.read("sequence", event.sequence);
  reader.read("at", at);
  reader.read("kind", event.kind);
  reader.require(event.sequence >= 0, "sequence", "a number from 0 on");
  reader.require(at.has_value(), "at", "a time");
  reader.require(is_event_kind(event.kind), "kind", "1 to 32 small letters, - and _");
  OSTLER_TRY(reader.finish());
  event.at = *at;
  event.data = member_slice(text, "data");
  reader.require(!event.data.empty() && event.data.size() <= kLongestEventData, "data",
                 "JSON of at most 128 KiB");
  OSTLER_TRY(reader.finish());
  return event;
}

}  // namespace

std::string encode_job_events(const std::vector<JobEvent>& events) {
  std::vector<std::string> list;
  list.reserve(events.size());
  for (const JobEvent& event : events) {
    list.push_back(JsonObjectText()
                       .number("sequence", event.sequence)
                       .text("at", format_rfc3339(event.at, 6))
                       .text("kind", event.kind)
                       .raw("data", json::accept(event.data) ? event.data : "null")
                       .finish());
  }
  return JsonObjectText().raw("events", json_array(list)).finish();
}

Result<std::vector<JobEvent>> decode_job_events(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "events"));
  ObjectReader reader(object, "events");
  const json* list = reader.array("events");
  reader.require(list != nullptr && list->size() <= kMostEventsAtOnce, "events",
                 "a list of at most 256");
  OSTLER_TRY(reader.finish());
  const auto texts = item_slices(member_slice(text, "events"));
  reader.require(texts.size() == list->size(), "events", "a name without escapes");
  OSTLER_TRY(reader.finish());
  std::vector<JobEvent> events;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    OSTLER_TRY(auto event, read_job_event((*list)[i], texts[i]));
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace ostler::wire
