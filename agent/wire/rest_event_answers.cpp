// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_event_answers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "wire/json_reader.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

bool is_over(const RestJobAnswer& job) {
  return job.progress != RestJobProgress::Running && job.progress != RestJobProgress::Waiting &&
         job.progress != RestJobProgress::Blocked;
}

/// What an event says of a job; what it does not say stays. A job that is over was read after the
/// event when that says otherwise; only one that waited in vain can wait again.
void update(RestJobAnswer& job, const RestJobAnswer& news, std::optional<Timestamp> at) {
  const bool may_wait_again = job.state == "waiting_failed" || job.state == "blocked_failed";
  if (is_over(job) && !is_over(news) && !may_wait_again) return;
  job.state = news.state;
  job.progress = news.progress;
  job.exit_status = news.exit_status;
  job.signal = news.signal;
  job.signal_reason = news.signal_reason;
  job.end_cause = news.end_cause;
  job.agent_name = news.agent_name;
  if (news.promised_failure) job.promised_failure = news.promised_failure;
  if (news.triggered) job.triggered = news.triggered;
  if (!news.trigger_error.empty()) job.trigger_error = news.trigger_error;
  job.retried = news.retried;
  job.retried_in = news.retried_in;
  job.soft_failed = news.soft_failed;
  if (job.state == "running" && !job.started_at) job.started_at = at;
  if (is_over(job) && !job.finished_at) job.finished_at = at;
  if (!is_over(job)) job.finished_at.reset();
}

bool is_final(std::string_view state) {
  return state == "passed" || state == "failed" || state == "canceled" || state == "not_run" ||
         state == "skipped";
}

void update(RestBuildAnswer& build, const std::string& state, std::optional<Timestamp> at) {
  build.state = state;
  if (state == "running" && !build.started_at) build.started_at = at;
  if (!is_final(state)) build.finished_at.reset();
  if (is_final(state) && !build.finished_at) build.finished_at = at;
}

}  // namespace

Result<RestEventAnswer> decode_rest_event(std::string_view text) {
  OSTLER_TRY(const json object, parse_json(text, "event"));
  RestEventAnswer event;
  ObjectReader reader(object, "event");
  reader.read("id", event.id);
  reader.read("at", event.at);
  reader.read("change", event.change);
  const json* const job = reader.object("job");
  const json* const build = reader.object("build");
  OSTLER_TRY(reader.finish());
  if (job != nullptr) {
    OSTLER_TRY(event.job, decode_rest_job(to_text(*job)));
  }
  if (build != nullptr) {
    ObjectReader of_build(*build, "event's build");
    of_build.read("state", event.build_state);
    OSTLER_TRY(of_build.finish());
  }
  return event;
}

Result<RestLogEventAnswer> decode_rest_log_event(std::string_view text) {
  OSTLER_TRY(const json object, parse_json(text, "event of a log"));
  RestLogEventAnswer event;
  ObjectReader reader(object, "event of a log");
  reader.read("offset", event.offset);
  reader.read("text", event.text);
  OSTLER_TRY(reader.finish());
  return event;
}

bool apply_event(const RestEventAnswer& event, RestBuildAnswer& build) {
  if (!event.build_state.empty()) update(build, event.build_state, event.at);
  if (!event.job) return true;
  const auto job = std::ranges::find(build.jobs, event.job->id, &RestJobAnswer::id);
  if (event.change == "removed") {
    if (job != build.jobs.end()) build.jobs.erase(job);
    return true;
  }
  if (job == build.jobs.end()) return false;
  update(*job, *event.job, event.at);
  return true;
}

}  // namespace ostler::wire
