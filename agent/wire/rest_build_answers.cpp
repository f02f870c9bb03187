// SPDX-License-Identifier: Apache-2.0
// Builds and jobs as a client reads them.
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "wire/end_cause.hpp"
#include "wire/json_list.hpp"
#include "wire/json_reader.hpp"
#include "wire/rest_answers.hpp"
#include "wire/rest_gate.hpp"
#include "wire/rest_job_titles.hpp"

namespace ostler::wire {

using nlohmann::json;

namespace {

constexpr std::array<std::pair<std::string_view, RestJobProgress>, 14> kProgress{{
    {"running", RestJobProgress::Running},
    {"canceling", RestJobProgress::Running},
    {"timing_out", RestJobProgress::Running},
    {"passed", RestJobProgress::Passed},
    {"failed", RestJobProgress::Failed},
    {"timed_out", RestJobProgress::TimedOut},
    {"canceled", RestJobProgress::Canceled},
    {"waiting_failed", RestJobProgress::NotRun},
    {"skipped", RestJobProgress::NotRun},
    {"broken", RestJobProgress::NotRun},
    {"expired", RestJobProgress::NotRun},
    {"blocked", RestJobProgress::Blocked},
    {"unblocked", RestJobProgress::Passed},
    {"blocked_failed", RestJobProgress::NotRun},
}};

/// The segment of an address of the API that follows the segment `name`; empty when none does.
std::string_view segment_after(std::string_view url, std::string_view name) {
  const std::size_t at = url.find(name);
  if (at == url.npos) return {};
  url.remove_prefix(at + name.size());
  return url.substr(0, url.find('/'));
}

constexpr std::string_view kPipelines = "/pipelines/";
constexpr std::string_view kBuilds = "/builds/";

/// Puts down which build the address of one names.
void read_build_address(std::string_view url, RestJobAnswer& job) {
  job.pipeline = segment_after(url, kPipelines);
  const std::string_view digits = segment_after(url, kBuilds);
  std::from_chars(digits.data(), digits.data() + digits.size(), job.build_number);
}

/// The name in an object that may be absent or null.
std::string name_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_object() ? text_in(*found, "name") : std::string();
}

void read_group(const json& object, RestJobAnswer& job) {
  const auto group = object.find("group");
  if (group == object.end() || !group->is_object()) return;
  job.group_id = text_in(*group, "id");
  job.group_name = text_in(*group, "label");
  if (job.group_name.empty()) job.group_name = text_in(*group, "key");
}

std::string text_of_value(const json& value) {
  return value.is_string() ? value.get<std::string>() : to_text(value);
}

/// Of a server that says it in another way nothing is known.
void read_variation(const json& object, RestJobAnswer& job) {
  const auto index = object.find("parallel_group_index");
  const auto total = object.find("parallel_group_total");
  const bool is_parallel = index != object.end() && total != object.end() &&
                           index->is_number_unsigned() && total->is_number_unsigned();
  if (is_parallel) {
    const auto number = index->get<std::uint64_t>() + 1;  // people count from one
    job.variation = std::to_string(number) + "/" + std::to_string(total->get<std::uint64_t>());
  }
  const auto matrix = object.find("matrix");
  if (is_parallel || matrix == object.end() || !matrix->is_object() || matrix->empty()) return;
  for (const json& value : *matrix) {
    job.variation += (job.variation.empty() ? "(" : ", ") + text_of_value(value);
  }
  job.variation += ")";
}

/// Its secrets are ours: other servers do not tell them.
void read_step(const json& object, RestJobAnswer& job) {
  const auto step = object.find("step");
  if (step == object.end() || !step->is_object()) return;
  job.step_id = text_in(*step, "id");
  const auto secrets = step->find("secrets");
  if (secrets != step->end() && secrets->is_array()) job.secrets = to_text(*secrets);
}

Result<void> read_trigger(const json& object, RestJobAnswer& job) {
  ObjectReader reader(object, "job");
  reader.read("pipeline", job.triggers);
  reader.read("trigger_error", job.trigger_error);
  const json* const build = reader.object("triggered_build");
  OSTLER_TRY(reader.finish());
  if (build == nullptr) return success();
  RestTriggeredAnswer triggered;
  ObjectReader of_build(*build, "triggered build");
  of_build.read("number", triggered.number);
  of_build.read("pipeline", triggered.pipeline);
  of_build.read("state", triggered.state);
  OSTLER_TRY(of_build.finish());
  if (triggered.pipeline.empty()) {
    triggered.pipeline = segment_after(text_in(*build, "url"), kPipelines);
  }
  job.triggered = std::move(triggered);
  return success();
}

Result<void> read_promise(const json& object, RestJobAnswer& job) {
  ObjectReader reader(object, "job");
  const json* const promise = reader.object("promised_failure");
  OSTLER_TRY(reader.finish());
  if (promise == nullptr) return success();
  RestPromiseAnswer read;
  ObjectReader of_promise(*promise, "promised failure");
  of_promise.read("exit_status", read.exit_status);
  of_promise.read("reason", read.reason);
  OSTLER_TRY(of_promise.finish());
  job.promised_failure = std::move(read);
  return success();
}

Result<RestJobAnswer> read_job(const json& object) {
  RestJobAnswer job;
  ObjectReader reader(object, "job");
  reader.read("id", job.id);
  reader.read("type", job.type);
  reader.read("name", job.name);
  reader.read("step_key", job.step_key);
  reader.read("command", job.command);
  reader.read("agent_query_rules", job.agent_query_rules);
  reader.read("state", job.state);
  reader.read("soft_failed", job.soft_failed);
  reader.read("retried", job.retried);
  reader.read("retried_in_job_id", job.retried_in);
  reader.read("retries_count", job.retries_count);
  reader.read("timeout_in_minutes", job.timeout_in_minutes);
  reader.read("exit_status", job.exit_status);
  reader.read("signal", job.signal);
  reader.read("signal_reason", job.signal_reason);
  reader.read("broken_reason", job.broken_reason);
  std::string end_cause;
  reader.read("end_cause", end_cause);
  job.end_cause = end_cause_of(end_cause);
  reader.read("runnable_at", job.runnable_at);
  reader.read("started_at", job.started_at);
  reader.read("finished_at", job.finished_at);
  reader.require(!job.id.empty(), "id", "the job's id");
  OSTLER_TRY(reader.finish());
  OSTLER_TRY(read_promise(object, job));
  job.progress = rest_job_progress(job.state);
  job.agent_name = name_in(object, "agent");
  if (job.name.empty()) job.name = text_in(object, "label");
  if (job.type == "manual") {
    OSTLER_TRY(job.gate, decode_rest_gate(object));
  }
  if (job.type == "trigger") {
    OSTLER_TRY(read_trigger(object, job));
  }
  read_group(object, job);
  read_variation(object, job);
  read_step(object, job);
  read_build_address(text_in(object, "build_url"), job);
  return job;
}

Result<RestBuildAnswer> read_build(const json& object) {
  RestBuildAnswer build;
  ObjectReader reader(object, "build");
  reader.read("id", build.id);
  reader.read("number", build.number);
  reader.read("state", build.state);
  reader.read("branch", build.branch);
  reader.read("commit", build.commit);
  reader.read("message", build.message);
  reader.read("source", build.source);
  reader.read("cancel_reason", build.cancel_reason);
  reader.read("web_url", build.web_url);
  reader.read("created_at", build.created_at);
  reader.read("started_at", build.started_at);
  reader.read("finished_at", build.finished_at);
  bool is_blocked = false;
  reader.read("blocked", is_blocked);
  reader.require(build.number > 0, "number", "the build's number");
  const json* jobs = reader.array("jobs");
  OSTLER_TRY(reader.finish());
  if (is_blocked) {
    build.state = "blocked";
    build.finished_at.reset();
  }
  build.creator_name = name_in(object, "creator");
  build.pipeline = segment_after(text_in(object, "url"), kPipelines);
  if (jobs == nullptr) return build;
  for (const json& one : *jobs) {
    OSTLER_TRY(RestJobAnswer job, read_job(one));
    build.jobs.push_back(std::move(job));
  }
  tell_jobs_apart(build.jobs);
  return build;
}

}  // namespace

RestJobProgress rest_job_progress(std::string_view state) {
  for (const auto& [name, progress] : kProgress) {
    if (name == state) return progress;
  }
  return RestJobProgress::Waiting;
}

Result<RestBuildAnswer> decode_rest_build(std::string_view text) {
  OSTLER_TRY(const json object, parse_json(text, "build"));
  return read_build(object);
}

Result<std::vector<RestBuildAnswer>> decode_rest_builds(std::string_view text) {
  return decode_list(text, "builds", read_build);
}

Result<RestJobAnswer> decode_rest_job(std::string_view text) {
  OSTLER_TRY(const json object, parse_json(text, "job"));
  return read_job(object);
}

Result<std::int64_t> decode_rest_retried_count(std::string_view text) {
  OSTLER_TRY(const json object, parse_json(text, "build"));
  std::int64_t count = 0;
  ObjectReader reader(object, "build");
  reader.read("retried_jobs_count", count);
  OSTLER_TRY(reader.finish());
  return count;
}

}  // namespace ostler::wire
