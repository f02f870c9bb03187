// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_job.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "base/assert.hpp"
#include "wire/end_cause.hpp"
#include "wire/json_reader.hpp"
#include "wire/rest_agent.hpp"
#include "wire/rest_build.hpp"
#include "wire/rest_fields.hpp"
#include "wire/rest_gate.hpp"
#include "wire/rest_json.hpp"
#include "wire/rest_pipeline.hpp"

namespace ostler::wire {
namespace {

using model::JobState;

/// Source: rest-api, 10.4.
constexpr std::array<std::string_view, 21> kRestJobStates = {
    "pending",          "waiting",    "waiting_failed", "blocked",   "blocked_failed", "unblocked",
    "unblocked_failed", "scheduled",  "assigned",       "accepted",  "running",        "passed",
    "failed",           "timing_out", "timed_out",      "canceling", "canceled",       "skipped",
    "broken",           "expired",    "limited"};

std::string encode_group(const model::Step& step) {
  if (!step.group) return "null";
  return JsonObjectText()
      .text("id", step.group->id.str())
      .text_or_null("key", step.group->key)
      .text_or_null("label", step.group->label)
      .finish();
}

std::string encode_step(const model::Step& step) {
  JsonObjectText object;
  object.text("id", step.id.str());
  if (!step.carried.signature.empty()) object.raw("signature", step.carried.signature);
  if (!step.carried.secrets.empty()) object.raw("secrets", step.carried.secrets);
  return object.finish();
}

void add_identity(JsonObjectText& object, const model::Job& job) {
  object.text("id", job.id.str())
      .text("graphql_id", graphql_id("Job", job.id.uuid))
      .text("type", rest_job_type(job.step.kind))
      .text_or_null("name", job.step.label)
      .text_or_null("step_key", job.step.key)
      .text_or_null("group_key", job.step.group ? job.step.group->key : "")
      .raw("group", encode_group(job.step))
      .raw("step", encode_step(job.step))
      .text("state", rest_job_state(job));
}

std::string encode_waiter(const model::Job& job, const RestBuildAddress& build,
                          const RestUrls& urls) {
  JsonObjectText object;
  add_identity(object, job);
  return object.text("build_url", urls.build(build.pipeline, build.number))
      .text("web_url", urls.web_job(build.pipeline, build.number, job.id))
      .time("created_at", job.created_at)
      .time("finished_at", job.finished_at)
      .finish();
}

std::string encode_gate(const model::Job& job, const RestBuildAddress& build,
                        const RestUrls& urls) {
  const auto& unblocking = job.unblocking;
  const bool has_user = unblocking && unblocking->by;
  JsonObjectText object;
  add_identity(object, job);
  object.text_or_null("label", job.step.label)
      .text("build_url", urls.build(build.pipeline, build.number))
      .text("web_url", urls.web_job(build.pipeline, build.number, job.id))
      .raw("unblocked_by", has_user ? encode_rest_user(*unblocking->by) : "null")
      .time("unblocked_at", unblocking ? std::optional(unblocking->at) : std::nullopt)
      .flag("unblockable", job.state == JobState::Blocked)
      .text("unblock_url", urls.job(build.pipeline, build.number, job.id) + "/unblock");
  if (job.step.gate) add_rest_gate(object, *job.step.gate);
  return object.time("created_at", job.created_at).time("finished_at", job.finished_at).finish();
}

std::string encode_triggered(const model::TriggeredBuild& build, const RestUrls& urls) {
  return JsonObjectText()
      .text("id", build.id.str())
      .number("number", build.number)
      .text("pipeline", build.pipeline)
      .text("state", rest_build_state(build.state))
      .text("url", urls.build(build.pipeline, build.number))
      .text("web_url", urls.web_build(build.pipeline, build.number))
      .finish();
}

void add_addresses(JsonObjectText& object, const model::Job& job, const RestBuildAddress& build,
                   const RestUrls& urls) {
  const std::string url = urls.job(build.pipeline, build.number, job.id);
  object.text("build_url", urls.build(build.pipeline, build.number))
      .text("web_url", urls.web_job(build.pipeline, build.number, job.id))
      .text("log_url", url + "/log")
      .text("raw_log_url", url + "/log.txt")
      .text("artifacts_url", url + "/artifacts");
}

void add_outcome(JsonObjectText& object, const model::Job& job) {
  object.flag("soft_failed", job.soft_failed);
  if (job.outcome) {
    object.number("exit_status", job.outcome->exit_status)
        .text_or_null("signal", job.outcome->signal)
        .text_or_null("signal_reason", job.outcome->signal_reason)
        .text_or_null("end_cause", end_cause_word(job.outcome->end_cause));
  } else {
    object.null("exit_status").null("signal").null("signal_reason").null("end_cause");
  }
  object
      .raw("promised_failure",
           job.promised_failure ? encode_promised_failure(*job.promised_failure) : "null")
      .text_or_null("broken_reason", job.broken_reason);
}

/// In milliseconds, once it is over.
std::optional<std::int64_t> concurrency_wait(const model::Job& job) {
  if (!job.limited_at || !job.runnable_at) return std::nullopt;
  return (*job.runnable_at - *job.limited_at) / std::chrono::milliseconds(1);
}

void add_times(JsonObjectText& object, const model::Job& job) {
  object.time("created_at", job.created_at)
      .time("scheduled_at", job.scheduled_at)
      .time("runnable_at", job.runnable_at)
      .time("started_at", job.started_at)
      .time("finished_at", job.finished_at)
      .time("expired_at", job.expired_at)
      .number("concurrency_wait_time_ms", concurrency_wait(job));
}

std::string encode_retry_source(const model::Attempt& attempt) {
  if (!attempt.source || !attempt.source_retry_type) return "null";
  return JsonObjectText()
      .text("job_id", attempt.source->str())
      .text("retry_type", to_string(*attempt.source_retry_type))
      .finish();
}

/// How the job came to its next attempt, and from which one it comes.
void add_attempt(JsonObjectText& object, const model::Attempt& attempt) {
  const bool is_first = attempt.retries_count == 0;
  object.flag("retried", attempt.retried_in.has_value())
      .text_or_null("retried_in_job_id", attempt.retried_in ? attempt.retried_in->str() : "")
      .number("retries_count", is_first ? std::nullopt : std::optional(attempt.retries_count))
      .raw("retry_source", encode_retry_source(attempt))
      .text_or_null("retry_type", attempt.retry_type ? to_string(*attempt.retry_type) : "")
      .raw("retried_by", attempt.retried_by ? encode_rest_user(*attempt.retried_by) : "null");
}

void add_variation(JsonObjectText& object, const model::Variation& variation) {
  object.number("parallel_group_index", variation.parallel_index)
      .number("parallel_group_total", variation.parallel_total);
  if (variation.matrix.empty()) {
    object.null("matrix");
  } else {
    object.strings("matrix", variation.matrix);
  }
}

/// `pipeline` and `trigger_error` are ours.
std::string encode_trigger(const model::Job& job, const RestBuildAddress& build,
                           const RestUrls& urls) {
  JsonObjectText object;
  add_identity(object, job);
  object.text("build_url", urls.build(build.pipeline, build.number))
      .text("web_url", urls.web_job(build.pipeline, build.number, job.id))
      .text_or_null("pipeline", job.step.trigger ? job.step.trigger->pipeline : "")
      .flag("async", job.step.trigger && job.step.trigger->is_async)
      .raw("triggered_build", job.triggered ? encode_triggered(*job.triggered, urls) : "null")
      .text_or_null("trigger_error", job.trigger_fault)
      .flag("soft_failed", job.soft_failed)
      .text_or_null("broken_reason", job.broken_reason);
  add_times(object, job);
  add_attempt(object, job.attempt);
  add_variation(object, job.variation);
  return object.finish();
}

}  // namespace

std::string encode_promised_failure(const model::PromisedFailure& promise) {
  return JsonObjectText()
      .number("exit_status", promise.exit_status)
      .text_or_null("reason", promise.reason)
      .finish();
}

std::string_view rest_job_state(const model::Job& job) {
  switch (job.state) {
    case JobState::Waiting: return "waiting";
    case JobState::WaitingFailed: return "waiting_failed";
    case JobState::Limited:
    case JobState::Scheduled: return "scheduled";
    case JobState::Accepted: return "accepted";
    case JobState::Running: return "running";
    case JobState::Finished:
      return job.outcome && job.outcome->exit_status != 0 ? "failed" : "passed";
    case JobState::TimingOut: return "timing_out";
    case JobState::TimedOut: return "timed_out";
    case JobState::Canceling: return "canceling";
    case JobState::Canceled: return "canceled";
    case JobState::Expired: return "expired";
    case JobState::Broken: return "broken";
    case JobState::Blocked: return "blocked";
    case JobState::BlockedFailed: return "blocked_failed";
    case JobState::Unblocked: return "unblocked";
    case JobState::Skipped: return "skipped";
  }
  OSTLER_ASSERT(false);
}

std::string_view rest_job_type(model::StepKind kind) {
  switch (kind) {
    case model::StepKind::Command: return "script";
    case model::StepKind::Wait: return "waiter";
    case model::StepKind::Block:
    case model::StepKind::Input: return "manual";
    case model::StepKind::Trigger: return "trigger";
  }
  OSTLER_ASSERT(false);
}

bool is_rest_job_state(std::string_view name) {
  return std::ranges::find(kRestJobStates, name) != kRestJobStates.end();
}

std::string encode_rest_job(const model::Job& job, const model::Agent* agent,
                            const RestBuildAddress& build, const RestUrls& urls) {
  if (job.step.kind == model::StepKind::Wait) return encode_waiter(job, build, urls);
  if (is_gate(job.step.kind)) return encode_gate(job, build, urls);
  if (job.step.kind == model::StepKind::Trigger) return encode_trigger(job, build, urls);
  JsonObjectText object;
  add_identity(object, job);
  add_addresses(object, job, build, urls);
  object.raw("priority", JsonObjectText().number("number", job.priority).finish())
      .texts("agent_query_rules", job.step.agent_query_rules)
      .text_or_null("command", job.step.command)
      .text_or_null("artifact_paths", job.step.artifact_paths)
      .number("timeout_in_minutes", job.step.timeout_in_minutes);
  add_outcome(object, job);
  object.raw("agent", agent ? encode_rest_agent(*agent, urls) : "null");
  add_times(object, job);
  add_attempt(object, job.attempt);
  add_variation(object, job.variation);
  return object.text("cluster_id", build.cluster.str())
      .text("cluster_url", urls.cluster(build.cluster))
      .text("cluster_queue_id", job.queue.str())
      .text("cluster_queue_url", urls.queue(build.cluster, job.queue))
      .finish();
}

std::string encode_rest_job_counts(const std::vector<model::Job>& jobs) {
  std::map<std::string_view, std::int64_t> counts;
  for (const model::Job& job : jobs) ++counts[rest_job_state(job)];
  JsonObjectText states;
  for (const auto& [state, count] : counts) states.number(state, count);
  return JsonObjectText()
      .number("total", static_cast<std::int64_t>(jobs.size()))
      .raw("states", states.finish())
      .finish();
}

std::string encode_rest_job_env(const model::Variables& env) {
  return JsonObjectText().strings("env", env).finish();
}

Result<std::map<std::string, std::string>> decode_rest_job_env(std::string_view text) {
  OSTLER_TRY(const nlohmann::json object, parse_json(text, "environment of a job"));
  std::map<std::string, std::string> env;
  ObjectReader reader(object, "environment of a job");
  reader.read("env", env);
  OSTLER_TRY(reader.finish());
  return env;
}

Result<std::int64_t> decode_rest_priority(std::string_view body) {
  OSTLER_TRY(const nlohmann::json object, parse_rest_body(body));
  const auto priority = object.find("priority");
  if (priority == object.end() || !priority->is_number_integer()) {
    return Error(Errc::UserFault, "Priority must be an integer");
  }
  return priority->get<std::int64_t>();
}

}  // namespace ostler::wire
