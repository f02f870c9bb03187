// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_events.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

bool is_event_kind(std::string_view kind) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '-'; };
  return !kind.empty() && kind.size() <= kLongestEventKind && std::ranges::all_of(kind, fits);
}

Result<JobEvent> read_job_event(const json& object) {
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
  if (object.contains("data")) event.data = to_text(object["data"]);
  reader.require(!event.data.empty() && event.data.size() <= kLongestEventData, "data",
                 "JSON of at most 128 KiB");
  OSTLER_TRY(reader.finish());
  return event;
}

}  // namespace

std::string encode_job_events(const std::vector<JobEvent>& events) {
  json list = json::array();
  for (const JobEvent& event : events) {
    auto data = json::parse(event.data, nullptr, false);
    if (data.is_discarded()) data = nullptr;
    list.push_back({{"sequence", event.sequence},
                    {"at", format_rfc3339(event.at, 6)},
                    {"kind", event.kind},
                    {"data", std::move(data)}});
  }
  return to_text({{"events", std::move(list)}});
}

Result<std::vector<JobEvent>> decode_job_events(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "events"));
  ObjectReader reader(object, "events");
  const json* list = reader.array("events");
  reader.require(list != nullptr && list->size() <= kMostEventsAtOnce, "events",
                 "a list of at most 256");
  OSTLER_TRY(reader.finish());
  std::vector<JobEvent> events;
  for (const json& item : *list) {
    OSTLER_TRY(auto event, read_job_event(item));
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace ostler::wire
