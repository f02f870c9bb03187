// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "wire/agent_api.hpp"
#include "wire/json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

namespace {

constexpr int kNanosecondDigits = 9;

constexpr std::array<std::pair<JobState, std::string_view>, 9> kJobStates{{
    {JobState::Scheduled, "scheduled"},
    {JobState::Assigned, "assigned"},
    {JobState::Accepted, "accepted"},
    {JobState::Running, "running"},
    {JobState::Finished, "finished"},
    {JobState::Canceling, "canceling"},
    {JobState::Canceled, "canceled"},
    {JobState::TimingOut, "timing_out"},
    {JobState::TimedOut, "timed_out"},
}};

std::string_view name_of(JobState state) {
  for (const auto& [value, name] : kJobStates) {
    if (value == state) return name;
  }
  return "";
}

JobState job_state_of(std::string_view text) {
  for (const auto& [value, name] : kJobStates) {
    if (name == text) return value;
  }
  return JobState::Other;
}

void read_job_state(ObjectReader& reader, JobState& into) {
  std::string state;
  reader.read("state", state);
  into = job_state_of(state);
}

void read_exit_status(ObjectReader& reader, int& into) {
  std::string text;
  reader.read("exit_status", text);
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, into);
  reader.require(fault == std::errc() && stop == end, "exit_status", "a decimal number as text");
}

void read_time(ObjectReader& reader, std::string_view key, Timestamp& into) {
  std::optional<Timestamp> time;
  reader.read(key, time);
  reader.require(time.has_value(), key, "a time in RFC 3339");
  into = time.value_or(Timestamp{});
}

void read_datum(ObjectReader& reader, MetaDatum& datum) {
  reader.read("key", datum.key);
  reader.read("value", datum.value);
  reader.require(!datum.key.empty(), "key", "a text that is not empty");
}

}  // namespace

std::string encode(const Job& job) {
  json object = {{"id", job.id},
                 {"env", job.env},
                 {"chunks_max_size_bytes", job.chunks_max_size_bytes},
                 {"chunks_interval_seconds", job.chunks_interval_seconds},
                 {"log_max_size_bytes", job.log_max_size_bytes},
                 {"priority", job.priority}};
  if (job.state != JobState::Other) object["state"] = name_of(job.state);
  if (!job.token.empty()) object["token"] = job.token.reveal();
  object["step"] = json::parse(job.step, nullptr, false);
  if (!object["step"].is_object()) object["step"] = json::object();
  if (job.runnable_at) object["runnable_at"] = format_rfc3339(*job.runnable_at, 6);
  return to_text(object);
}

Result<Job> decode_job(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "accept answer"));
  ObjectReader reader(object, "accept answer");
  Job job;
  reader.read("id", job.id);
  read_job_state(reader, job.state);
  reader.read("env", job.env);
  reader.read("token", job.token);
  reader.read("chunks_max_size_bytes", job.chunks_max_size_bytes);
  reader.read("chunks_interval_seconds", job.chunks_interval_seconds);
  reader.read("log_max_size_bytes", job.log_max_size_bytes);
  reader.read("runnable_at", job.runnable_at);
  reader.read("priority", job.priority);
  if (const json* step = reader.object("step")) job.step = to_text(*step);
  reader.require(!job.id.empty(), "id", "a text that is not empty");
  reader.require(job.chunks_max_size_bytes > 0, "chunks_max_size_bytes", "a number above 0");
  OSTLER_TRY(reader.finish());
  return job;
}

std::string encode(const StartRequest& request) {
  return to_text(
      json::object({{"started_at", format_rfc3339(request.started_at, kNanosecondDigits)}}));
}

Result<StartRequest> decode_start_request(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "start request"));
  ObjectReader reader(object, "start request");
  StartRequest request;
  read_time(reader, "started_at", request.started_at);
  OSTLER_TRY(reader.finish());
  return request;
}

std::string encode(const JobStateResponse& response) {
  return to_text(json::object({{"state", name_of(response.state)}}));
}

Result<JobStateResponse> decode_job_state(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "job state"));
  ObjectReader reader(object, "job state");
  JobStateResponse response;
  read_job_state(reader, response.state);
  OSTLER_TRY(reader.finish());
  return response;
}

std::string encode(const FinishRequest& request) {
  json object = {{"exit_status", std::to_string(request.exit_status)},
                 {"finished_at", format_rfc3339(request.finished_at, kNanosecondDigits)},
                 {"chunks_failed_count", request.chunks_failed_count}};
  if (!request.signal.empty()) object["signal"] = request.signal;
  if (!request.signal_reason.empty()) object["signal_reason"] = request.signal_reason;
  if (request.ignore_agent_in_dispatches) object["ignore_agent_in_dispatches"] = true;
  return to_text(object);
}

Result<FinishRequest> decode_finish_request(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "finish request"));
  ObjectReader reader(object, "finish request");
  FinishRequest request;
  read_exit_status(reader, request.exit_status);
  reader.read("signal", request.signal);
  reader.read("signal_reason", request.signal_reason);
  read_time(reader, "finished_at", request.finished_at);
  reader.read("chunks_failed_count", request.chunks_failed_count);
  reader.read("ignore_agent_in_dispatches", request.ignore_agent_in_dispatches);
  OSTLER_TRY(reader.finish());
  return request;
}

std::string encode(const MetaDatum& datum) {
  return to_text(json::object({{"key", datum.key}, {"value", datum.value}}));
}

Result<MetaDatum> decode_meta_datum(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "meta-data"));
  ObjectReader reader(object, "meta-data");
  MetaDatum datum;
  read_datum(reader, datum);
  OSTLER_TRY(reader.finish());
  return datum;
}

std::string encode(const std::vector<MetaDatum>& batch) {
  json items = json::array();
  for (const MetaDatum& datum : batch) {
    items.push_back({{"key", datum.key}, {"value", datum.value}});
  }
  return to_text(json::object({{"items", std::move(items)}}));
}

Result<std::vector<MetaDatum>> decode_meta_data_batch(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "meta-data batch"));
  ObjectReader reader(object, "meta-data batch");
  std::vector<MetaDatum> batch;
  if (const json* items = reader.array("items")) {
    for (const json& item : *items) {
      ObjectReader item_reader(item, "meta-data batch: field items");
      read_datum(item_reader, batch.emplace_back());
      OSTLER_TRY(item_reader.finish());
    }
  }
  OSTLER_TRY(reader.finish());
  return batch;
}

std::string encode_meta_data_key(std::string_view key) {
  return to_text(json::object({{"key", key}}));
}

Result<std::string> decode_meta_data_key(std::string_view text) {
  OSTLER_TRY(auto datum, decode_meta_datum(text));
  return std::move(datum.key);
}

std::string encode_exists(bool exists) { return to_text(json::object({{"exists", exists}})); }

Result<bool> decode_exists(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "meta-data answer"));
  ObjectReader reader(object, "meta-data answer");
  bool exists = false;
  reader.read("exists", exists);
  OSTLER_TRY(reader.finish());
  return exists;
}

std::string encode_keys(const std::vector<std::string>& keys) { return to_text(json(keys)); }

Result<std::vector<std::string>> decode_keys(std::string_view text) {
  OSTLER_TRY(auto keys, parse_json(text, "meta-data keys"));
  const json object = json::object({{"keys", std::move(keys)}});
  ObjectReader reader(object, "meta-data keys");
  std::vector<std::string> names;
  reader.read("keys", names);
  OSTLER_TRY(reader.finish());
  return names;
}

}  // namespace ostler::wire
