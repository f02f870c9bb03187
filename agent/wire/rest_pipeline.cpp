// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_pipeline.hpp"

#include "wire/rest_job.hpp"
#include "wire/rest_json.hpp"
#include "wire/rest_retention.hpp"

namespace ostler::wire {
namespace {

void add_trigger(JsonObjectText& object, const model::Trigger& trigger) {
  object.text("pipeline", trigger.pipeline)
      .raw("build", JsonObjectText()
                        .text_or_null("message", trigger.message)
                        .text_or_null("branch", trigger.branch)
                        .text_or_null("commit", trigger.commit)
                        .strings("env", trigger.env)
                        .finish())
      .flag("async", trigger.is_async);
}

std::string encode_step(const model::StepDefinition& step) {
  JsonObjectText object;
  if (step.kind != model::StepKind::Command) {
    object.text("type", rest_job_type(step.kind))
        .text_or_null("name", step.label)
        .text_or_null("label", step.label);
    if (step.trigger) add_trigger(object, *step.trigger);
    return object.finish();
  }
  object.text("type", "script")
      .text_or_null("name", step.label)
      .text_or_null("label", step.label)
      .text_or_null("command", step.command)
      .text_or_null("artifact_paths", step.artifact_paths)
      .null("branch_configuration")
      .strings("env", step.env)
      .number("timeout_in_minutes", step.timeout_in_minutes)
      .texts("agent_query_rules", step.agent_query_rules)
      .number("concurrency",
              step.concurrency ? std::optional(step.concurrency->limit) : std::nullopt)
      .number("parallelism", step.parallelism);
  return object.finish();
}

std::string encode_provider(const model::PipelineSettings& settings) {
  const std::string details = JsonObjectText().text("repository", settings.repository).finish();
  return JsonObjectText()
      .text("id", settings.provider)
      .text("webhook_url", "")
      .raw("settings", details)
      .finish();
}

void add_addresses(JsonObjectText& object, const model::Pipeline& pipeline, const RestUrls& urls) {
  const std::string& slug = pipeline.settings.slug;
  object.text("id", pipeline.id.str())
      .text("graphql_id", graphql_id("Pipeline", pipeline.id.uuid))
      .text("url", urls.pipeline(slug))
      .text("web_url", urls.web_pipeline(slug))
      .text("builds_url", urls.pipeline(slug) + "/builds")
      .null("badge_url");
}

void add_settings(JsonObjectText& object, const model::PipelineSettings& settings) {
  object.text("name", settings.name)
      .text("slug", settings.slug)
      .text_or_null("description", settings.description)
      .text("repository", settings.repository)
      .null("pipeline_template_uuid")
      .text_or_null("branch_configuration", settings.branch_configuration)
      .text_or_null("default_branch", settings.default_branch)
      .flag("skip_queued_branch_builds", settings.skip_queued_branch_builds)
      .text_or_null("skip_queued_branch_builds_filter", settings.skip_queued_branch_builds_filter)
      .flag("cancel_running_branch_builds", settings.cancel_running_branch_builds)
      .text_or_null("cancel_running_branch_builds_filter",
                    settings.cancel_running_branch_builds_filter)
      .flag("allow_rebuilds", settings.allow_rebuilds)
      .raw("provider", encode_provider(settings))
      .strings("env", settings.env)
      .text("visibility", settings.visibility)
      .texts("tags", settings.tags)
      .text_or_null("emoji", settings.emoji)
      .text_or_null("color", settings.color)
      .text("configuration", settings.configuration)
      .number("default_command_step_timeout", settings.default_command_step_timeout)
      .number("maximum_command_step_timeout", settings.maximum_command_step_timeout)
      .number("poll_interval_seconds", settings.poll_seconds)
      .raw("retention", encode_rest_retention(settings.retention))
      .null("clone_mirror_url");
}

}  // namespace

std::string encode_rest_user(const model::User& user) {
  return JsonObjectText()
      .text("id", user.id.str())
      .text("graphql_id", graphql_id("User", user.id.uuid))
      .text("name", user.name)
      .text("email", user.email)
      .null("avatar_url")
      .time("created_at", user.created_at)
      .finish();
}

std::string encode_rest_steps(const std::vector<model::StepDefinition>& steps) {
  std::vector<std::string> items;
  items.reserve(steps.size());
  for (const model::StepDefinition& step : steps) items.push_back(encode_step(step));
  return json_array(items);
}

std::string encode_rest_pipeline(const model::Pipeline& pipeline, std::string_view steps,
                                 const RestUrls& urls) {
  JsonObjectText object;
  add_addresses(object, pipeline, urls);
  add_settings(object, pipeline.settings);
  object.text("cluster_id", pipeline.cluster.str())
      .text("cluster_url", urls.cluster(pipeline.cluster))
      .raw("created_by", pipeline.created_by ? encode_rest_user(*pipeline.created_by) : "null")
      .time("created_at", pipeline.created_at)
      .time("archived_at", pipeline.archived_at)
      .number("scheduled_builds_count", pipeline.counts.scheduled_builds)
      .number("running_builds_count", pipeline.counts.running_builds)
      .number("scheduled_jobs_count", pipeline.counts.scheduled_jobs)
      .number("running_jobs_count", pipeline.counts.running_jobs)
      .number("waiting_jobs_count", pipeline.counts.waiting_jobs)
      .raw("steps", steps);
  return object.finish();
}

}  // namespace ostler::wire
