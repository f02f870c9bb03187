// SPDX-License-Identifier: Apache-2.0
#include "model/job_environment.hpp"

#include <map>
#include <string>
#include <utility>

#include "model/build_placeholders.hpp"

namespace ostler::model {
namespace {

using Environment = std::map<std::string, std::string>;

void overlay(Environment& environment, const Variables& layer) {
  for (const auto& [name, value] : layer) environment.insert_or_assign(name, value);
}

std::string source_name(BuildSource source) {
  switch (source) {
    case BuildSource::Api: return "api";
    case BuildSource::Webhook: return "webhook";
    case BuildSource::Ui: return "ui";
    case BuildSource::TriggerJob: return "trigger_job";
    case BuildSource::Schedule: return "schedule";
  }
  return "api";
}

/// "os-version=12" becomes the variable ..._OS_VERSION with the value 12.
void put_tag(Environment& environment, const std::string& tag) {
  const auto equals = tag.find('=');
  std::string name = "BUILDKITE_AGENT_META_DATA_";
  for (const char letter : tag.substr(0, equals)) {
    const bool is_lower = letter >= 'a' && letter <= 'z';
    const bool is_kept = (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    if (is_lower) name += static_cast<char>(letter - 'a' + 'A');
    if (!is_lower) name += is_kept ? letter : '_';
  }
  environment[name] = equals == std::string::npos ? "true" : tag.substr(equals + 1);
}

void put_agent(Environment& environment, const Agent& agent) {
  environment["BUILDKITE_AGENT_ID"] = agent.id.str();
  environment["BUILDKITE_AGENT_NAME"] = agent.description.name;
  for (const auto& tag : agent.description.tags) put_tag(environment, tag);
}

void put_parallel(Environment& environment, const Variation& variation) {
  if (!variation.parallel_index) return;
  environment["BUILDKITE_PARALLEL_JOB"] = std::to_string(*variation.parallel_index);
  environment["BUILDKITE_PARALLEL_JOB_COUNT"] = std::to_string(*variation.parallel_total);
}

void put_group(Environment& environment, const StepGroup& group) {
  environment["BUILDKITE_GROUP_ID"] = group.id.str();
  environment["BUILDKITE_GROUP_KEY"] = group.key;
  environment["BUILDKITE_GROUP_LABEL"] = group.label;
}

void put_carried(Environment& environment, const CarriedAttributes& carried) {
  if (!carried.plugins.empty()) environment["BUILDKITE_PLUGINS"] = carried.plugins;
  if (!carried.image.empty()) environment["BUILDKITE_IMAGE"] = carried.image;
}

void put_step(Environment& environment, const Job& job) {
  const Step& step = job.step;
  environment["BUILDKITE_JOB_ID"] = job.id.str();
  environment["BUILDKITE_STEP_ID"] = step.id.str();
  environment["BUILDKITE_STEP_KEY"] = step.key;
  environment["BUILDKITE_LABEL"] = step.label;
  environment["BUILDKITE_COMMAND"] = step.command;
  environment["BUILDKITE_ARTIFACT_PATHS"] = step.artifact_paths;
  environment["BUILDKITE_RETRY_COUNT"] = std::to_string(job.attempt.retries_count);
  if (job.attempt.source_retry_type) {
    environment["BUILDKITE_RETRY_TYPE"] = to_string(*job.attempt.source_retry_type);
  }
  put_parallel(environment, job.variation);
  if (step.group) put_group(environment, *step.group);
  put_carried(environment, step.carried);
  environment["BUILDKITE_TIMEOUT"] =
      step.timeout_in_minutes ? std::to_string(*step.timeout_in_minutes) : "false";
}

void put_people(Environment& environment, const Build& build) {
  if (build.creator) {
    environment["BUILDKITE_BUILD_CREATOR"] = build.creator->name;
    environment["BUILDKITE_BUILD_CREATOR_EMAIL"] = build.creator->email;
  }
  if (build.request.author) {
    environment["BUILDKITE_BUILD_AUTHOR"] = build.request.author->name;
    environment["BUILDKITE_BUILD_AUTHOR_EMAIL"] = build.request.author->email;
  }
}

void put_build(Environment& environment, const Build& build) {
  const BuildRequest& request = build.request;
  environment["BUILDKITE_BUILD_ID"] = build.id.str();
  environment["BUILDKITE_BUILD_NUMBER"] = std::to_string(build.number);
  environment["BUILDKITE_COMMIT"] = request.commit;
  environment["BUILDKITE_BRANCH"] = request.branch;
  environment["BUILDKITE_TAG"] = request.tag;
  environment["BUILDKITE_MESSAGE"] = request.message;
  environment["BUILDKITE_SOURCE"] = source_name(build.source);
  if (request.clean_checkout) environment["BUILDKITE_CLEAN_CHECKOUT"] = "true";
  const PullRequest none{.id = "false", .base_branch = "", .repository = ""};
  const PullRequest& pull_request = request.pull_request.value_or(none);
  environment["BUILDKITE_PULL_REQUEST"] = pull_request.id;
  environment["BUILDKITE_PULL_REQUEST_BASE_BRANCH"] = pull_request.base_branch;
  environment["BUILDKITE_PULL_REQUEST_REPO"] = pull_request.repository;
  put_people(environment, build);
  if (build.triggered_from) {
    environment["BUILDKITE_TRIGGERED_FROM_BUILD_ID"] = build.triggered_from->id.str();
    environment["BUILDKITE_TRIGGERED_FROM_BUILD_NUMBER"] =
        std::to_string(build.triggered_from->number);
    environment["BUILDKITE_TRIGGERED_FROM_BUILD_PIPELINE_SLUG"] = build.triggered_from->pipeline;
  }
  if (build.rebuilt_from) {
    environment["BUILDKITE_REBUILT_FROM_BUILD_ID"] = build.rebuilt_from->id.str();
    environment["BUILDKITE_REBUILT_FROM_BUILD_NUMBER"] = std::to_string(build.rebuilt_from->number);
  }
}

void put_unblocker(Environment& environment, const std::optional<User>& unblocker) {
  if (!unblocker) return;
  environment["BUILDKITE_UNBLOCKER"] = unblocker->name;
  environment["BUILDKITE_UNBLOCKER_EMAIL"] = unblocker->email;
  environment["BUILDKITE_UNBLOCKER_ID"] = unblocker->id.str();
}

void put_pipeline(Environment& environment, const Pipeline& pipeline) {
  environment["BUILDKITE_PIPELINE_ID"] = pipeline.id.str();
  environment["BUILDKITE_PIPELINE_NAME"] = pipeline.settings.name;
  environment["BUILDKITE_PIPELINE_SLUG"] = pipeline.settings.slug;
  environment["BUILDKITE_PIPELINE_PROVIDER"] = pipeline.settings.provider;
  environment["BUILDKITE_PIPELINE_DEFAULT_BRANCH"] = pipeline.settings.default_branch;
  environment["BUILDKITE_REPO"] = pipeline.settings.repository;
  environment["BUILDKITE_CLUSTER_ID"] = pipeline.cluster.str();
}

}  // namespace

Variables render_job_environment(const JobSurroundings& surroundings) {
  Environment environment;
  const BuildPlaceholders build(surroundings.build.id, surroundings.build.number,
                                build_web_url(surroundings));
  overlay(environment, build.filled_in(surroundings.pipeline_env));
  overlay(environment, surroundings.build.request.env);
  overlay(environment, build.filled_in(surroundings.job.step.env));
  environment["CI"] = "true";
  environment["BUILDKITE"] = "true";
  environment["BUILDKITE_ORGANIZATION_ID"] = surroundings.organization.id.str();
  environment["BUILDKITE_ORGANIZATION_SLUG"] = surroundings.organization.slug;
  put_pipeline(environment, surroundings.pipeline);
  put_build(environment, surroundings.build);
  environment["BUILDKITE_BUILD_URL"] = build_web_url(surroundings);
  put_step(environment, surroundings.job);
  auto& artifact_paths = environment["BUILDKITE_ARTIFACT_PATHS"];
  artifact_paths = build.filled_in(std::move(artifact_paths));
  put_unblocker(environment, surroundings.unblocker);
  if (surroundings.agent) put_agent(environment, *surroundings.agent);
  return Variables(environment.begin(), environment.end());
}

std::string build_web_url(const JobSurroundings& surroundings) {
  return surroundings.public_url + "/" + surroundings.organization.slug + "/" +
         surroundings.pipeline.settings.slug + "/builds/" +
         std::to_string(surroundings.build.number);
}

}  // namespace ostler::model
