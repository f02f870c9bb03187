// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_build.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"
#include "wire/rest_json.hpp"

namespace ostler::wire {
namespace {

using model::BuildState;

struct StateName {
  BuildState state;
  std::string_view name;
};

constexpr std::array kStateNames = {
    StateName{BuildState::Scheduled, "scheduled"}, StateName{BuildState::Running, "running"},
    StateName{BuildState::Failing, "failing"},     StateName{BuildState::Passed, "passed"},
    StateName{BuildState::Failed, "failed"},       StateName{BuildState::Canceling, "canceling"},
    StateName{BuildState::Canceled, "canceled"},   StateName{BuildState::NotRun, "not_run"},
    StateName{BuildState::Blocked, "blocked"},     StateName{BuildState::Skipped, "skipped"},
};

/// Of the reference; no build of this hub ever has it.
constexpr std::string_view kForeignState = "creating";

std::string encode_author(const std::optional<model::Author>& author) {
  if (!author) return "null";
  return JsonObjectText()
      .text("name", author->name)
      .text("email", author->email)
      .text_or_null("username", author->username)
      .finish();
}

std::string encode_pull_request(const std::optional<model::PullRequest>& pull_request) {
  if (!pull_request) return "null";
  return JsonObjectText()
      .text("id", pull_request->id)
      .text_or_null("base", pull_request->base_branch)
      .text_or_null("repository", pull_request->repository)
      .finish();
}

/// A blocked build passes as what it has come to so far. Source: rest-api, 9.3.
std::string_view shown_state(const model::Build& build) {
  if (build.state != BuildState::Blocked) return rest_build_state(build.state);
  if (build.counts.hard_failed > 0) return rest_build_state(BuildState::Failed);
  return to_string(build.blocked_state.value_or(model::BlockedState::Passed));
}

void add_identity(JsonObjectText& object, const model::Build& build, std::string_view slug,
                  const RestUrls& urls) {
  object.text("id", build.id.str())
      .text("graphql_id", graphql_id("Build", build.id.uuid))
      .text("url", urls.build(slug, build.number))
      .text("web_url", urls.web_build(slug, build.number))
      .number("number", build.number)
      .text("state", shown_state(build))
      .flag("blocked", build.state == BuildState::Blocked)
      .text("blocked_state", build.blocked_state ? to_string(*build.blocked_state) : "")
      .text_or_null("cancel_reason", build.cancel_reason);
}

void add_request(JsonObjectText& object, const model::Build& build) {
  const model::BuildRequest& request = build.request;
  object.text_or_null("message", request.message)
      .text("commit", request.commit)
      .text("branch", request.branch)
      .text_or_null("tag", request.tag)
      .strings("env", request.env)
      .text("source", rest_build_source(build.source))
      .raw("creator", build.creator ? encode_rest_user(*build.creator) : "null")
      .raw("author", encode_author(request.author));
}

void add_times(JsonObjectText& object, const model::Build& build) {
  object.time("created_at", build.created_at)
      .time("scheduled_at", build.scheduled_at)
      .time("started_at", build.started_at)
      .time("failing_at", build.failing_at)
      .time("finished_at", build.finished_at);
}

std::string encode_rebuilt_from(const model::Build& build, std::string_view slug,
                                const RestUrls& urls) {
  if (!build.rebuilt_from) return "null";
  return JsonObjectText()
      .text("id", build.rebuilt_from->id.str())
      .number("number", build.rebuilt_from->number)
      .text("url", urls.build(slug, build.rebuilt_from->number))
      .finish();
}

std::string encode_triggered_from(const model::Build& build) {
  if (!build.triggered_from) return "null";
  return JsonObjectText()
      .text("build_id", build.triggered_from->id.str())
      .number("build_number", build.triggered_from->number)
      .text("build_pipeline_slug", build.triggered_from->pipeline)
      .finish();
}

void add_relations(JsonObjectText& object, const model::Build& build, std::string_view slug,
                   const RestUrls& urls) {
  object.strings("meta_data", build.meta_data)
      .raw("pull_request", encode_pull_request(build.request.pull_request))
      .null("merge_queue")
      .raw("rebuilt_from", encode_rebuilt_from(build, slug, urls))
      .raw("triggered_from", encode_triggered_from(build));
}

void add_part(JsonObjectText& object, std::string_view key, const std::string& json) {
  if (!json.empty()) object.raw(key, json);
}

}  // namespace

std::string_view rest_build_source(model::BuildSource source) {
  switch (source) {
    case model::BuildSource::Api: return "api";
    case model::BuildSource::Webhook: return "webhook";
    case model::BuildSource::Ui: return "ui";
    case model::BuildSource::TriggerJob: return "trigger_job";
    case model::BuildSource::Schedule: return "schedule";
  }
  OSTLER_ASSERT(false);
}

std::string_view rest_build_state(BuildState state) {
  const auto found = std::ranges::find(kStateNames, state, &StateName::state);
  OSTLER_ASSERT(found != kStateNames.end());
  return found->name;
}

std::optional<std::vector<BuildState>> rest_build_state_filter(std::string_view name) {
  if (name == "finished") {
    return std::vector{BuildState::Passed, BuildState::Failed, BuildState::Blocked,
                       BuildState::Canceled};
  }
  const auto found = std::ranges::find(kStateNames, name, &StateName::name);
  if (found != kStateNames.end()) return std::vector{found->state};
  if (name == kForeignState) return std::vector<BuildState>();
  return std::nullopt;
}

std::string encode_rest_build(const model::Build& build, const model::Pipeline& pipeline,
                              const RestBuildParts& parts, const RestUrls& urls) {
  JsonObjectText object;
  add_identity(object, build, pipeline.settings.slug, urls);
  add_request(object, build);
  add_part(object, "jobs", parts.jobs);
  add_part(object, "job_state_counts", parts.job_state_counts);
  add_times(object, build);
  add_relations(object, build, pipeline.settings.slug, urls);
  add_part(object, "pipeline", parts.pipeline);
  if (parts.test_engine) object.raw("test_engine", R"({"runs":[]})");
  if (parts.retried_jobs_count) object.number("retried_jobs_count", parts.retried_jobs_count);
  return object.text("cluster_id", pipeline.cluster.str())
      .text("cluster_url", urls.cluster(pipeline.cluster))
      .finish();
}

}  // namespace ostler::wire
