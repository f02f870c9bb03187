// SPDX-License-Identifier: Apache-2.0
#include "pipeline/condition_names.hpp"

#include <algorithm>
#include <string>

namespace ostler::pipeline {
namespace {

using enum ConditionType;

constexpr std::string_view kBuildStates[] = {"creating",  "started",  "running", "scheduled",
                                             "blocked",   "passed",   "failing", "failed",
                                             "canceling", "canceled", "skipped", "not_run"};
constexpr std::string_view kBlockedStates[] = {"failed", "passed", "running"};
constexpr std::string_view kSources[] = {"api",         "ui",       "webhook",
                                         "trigger_job", "schedule", "pipeline_trigger"};
constexpr std::string_view kStepTypes[] = {"command", "wait", "input", "trigger", "group"};
constexpr std::string_view kStepStates[] = {"ignored",  "waiting_for_dependencies",
                                            "ready",    "waiting_for_input",
                                            "running",  "failing",
                                            "canceled", "finished"};
constexpr std::string_view kStepOutcomes[] = {"neutral", "passed", "soft_failed", "hard_failed",
                                              "errored"};

ConditionValue unless_blank(const std::string& text) {
  return text.empty() ? ConditionValue() : ConditionValue(text);
}

ConditionValue nothing(const BuildFacts&) { return {}; }
ConditionValue no_items(const BuildFacts&) { return std::vector<std::string>(); }

std::string source_of(const BuildFacts& facts) {
  switch (facts.build.source) {
    case model::BuildSource::Api: return "api";
    case model::BuildSource::Webhook: return "webhook";
    case model::BuildSource::Ui: return "ui";
    case model::BuildSource::TriggerJob: return "trigger_job";
    case model::BuildSource::Schedule: return "schedule";
  }
  return "api";
}

template <auto Member>
ConditionValue of_request(const BuildFacts& facts) {
  return unless_blank(facts.build.request.*Member);
}
template <auto Member>
ConditionValue of_creator(const BuildFacts& facts) {
  return facts.build.creator ? unless_blank((*facts.build.creator).*Member) : ConditionValue();
}
template <auto Member>
ConditionValue of_author(const BuildFacts& facts) {
  const auto& author = facts.build.request.author;
  return author ? unless_blank((*author).*Member) : ConditionValue();
}
template <auto Member>
ConditionValue of_pull_request(const BuildFacts& facts) {
  const auto& request = facts.build.request.pull_request;
  return request ? unless_blank((*request).*Member) : ConditionValue();
}
template <auto Member>
ConditionValue of_settings(const BuildFacts& facts) {
  return unless_blank(facts.pipeline.settings.*Member);
}

// What this hub does not know of a build is null.
constexpr ConditionName kNames[] = {
    {"build.id", Text, {}, [](const BuildFacts& f) -> ConditionValue { return f.build.id.str(); }},
    {"build.number",
     Integer,
     {},
     [](const BuildFacts& f) -> ConditionValue { return f.build.number; }},
    {"build.branch", Text, {}, of_request<&model::BuildRequest::branch>},
    {"build.tag", Text, {}, of_request<&model::BuildRequest::tag>},
    {"build.message", Text, {}, of_request<&model::BuildRequest::message>},
    {"build.commit", Text, {}, of_request<&model::BuildRequest::commit>},
    {"build.source", Enumeration, kSources,
     [](const BuildFacts& f) -> ConditionValue { return source_of(f); }},
    {"build.source_event", Text, {}, nothing},
    {"build.source_action", Text, {}, nothing},
    {"build.state", Enumeration, kBuildStates,
     [](const BuildFacts& f) -> ConditionValue { return std::string(to_string(f.build.state)); }},
    {"build.blocked_state", Enumeration, kBlockedStates, nothing},
    {"build.fixed", Boolean, {}, nothing},
    {"build.creator.id",
     Text,
     {},
     [](const BuildFacts& f) -> ConditionValue {
       return f.build.creator ? ConditionValue(f.build.creator->id.str()) : ConditionValue();
     }},
    {"build.creator.name", Text, {}, of_creator<&model::User::name>},
    {"build.creator.email", Text, {}, of_creator<&model::User::email>},
    {"build.creator.teams", List, {}, no_items},
    {"build.creator.verified",
     Boolean,
     {},
     [](const BuildFacts& f) -> ConditionValue { return f.build.creator.has_value(); }},
    {"build.author.id", Text, {}, nothing},
    {"build.author.name", Text, {}, of_author<&model::Author::name>},
    {"build.author.email", Text, {}, of_author<&model::Author::email>},
    {"build.author.teams", List, {}, no_items},
    {"build.scm.author.name", Text, {}, nothing},
    {"build.scm.author.email", Text, {}, nothing},
    {"build.scm.committer.name", Text, {}, nothing},
    {"build.scm.committer.email", Text, {}, nothing},
    {"build.pull_request.id", Text, {}, of_pull_request<&model::PullRequest::id>},
    {"build.pull_request.base_branch", Text, {}, of_pull_request<&model::PullRequest::base_branch>},
    {"build.pull_request.draft", Boolean, {}, nothing},
    {"build.pull_request.label", Text, {}, nothing},
    {"build.pull_request.labels", List, {}, no_items},
    {"build.pull_request.repository", Text, {}, of_pull_request<&model::PullRequest::repository>},
    {"build.pull_request.repository.fork", Boolean, {}, nothing},
    {"build.merge_queue.base_branch", Text, {}, nothing},
    {"build.merge_queue.base_commit", Text, {}, nothing},
    {"pipeline.id",
     Text,
     {},
     [](const BuildFacts& f) -> ConditionValue { return f.pipeline.id.str(); }},
    {"pipeline.slug", Text, {}, of_settings<&model::PipelineSettings::slug>},
    {"pipeline.default_branch", Text, {}, of_settings<&model::PipelineSettings::default_branch>},
    {"pipeline.repository", Text, {}, of_settings<&model::PipelineSettings::repository>},
    {"organization.id",
     Text,
     {},
     [](const BuildFacts& f) -> ConditionValue { return f.organization.id.str(); }},
    {"organization.slug",
     Text,
     {},
     [](const BuildFacts& f) -> ConditionValue { return f.organization.slug; }},
};

constexpr ConditionName kNotificationNames[] = {
    {"pipeline.started_passing", Boolean, {}, nothing},
    {"pipeline.started_failing", Boolean, {}, nothing},
    {"pipeline.next_finished_build_exists", Boolean, {}, nothing},
    {"step.id", Text, {}, nothing},
    {"step.key", Text, {}, nothing},
    {"step.label", Text, {}, nothing},
    {"step.type", Enumeration, kStepTypes, nothing},
    {"step.state", Enumeration, kStepStates, nothing},
    {"step.outcome", Enumeration, kStepOutcomes, nothing},
};

constexpr std::string_view kEnvironmentPrefix = "BUILDKITE_";
/// Behind the prefix.
constexpr std::string_view kAskable[] = {"BRANCH",
                                         "TAG",
                                         "MESSAGE",
                                         "COMMIT",
                                         "PIPELINE_SLUG",
                                         "PIPELINE_NAME",
                                         "PIPELINE_ID",
                                         "ORGANIZATION_SLUG",
                                         "TRIGGERED_FROM_BUILD_ID",
                                         "TRIGGERED_FROM_BUILD_NUMBER",
                                         "TRIGGERED_FROM_BUILD_PIPELINE_SLUG",
                                         "TRIGGERED_FROM_BUILD_JOB_ID",
                                         "REBUILT_FROM_BUILD_ID",
                                         "REBUILT_FROM_BUILD_NUMBER",
                                         "REPO",
                                         "PULL_REQUEST",
                                         "PULL_REQUEST_BASE_BRANCH",
                                         "PULL_REQUEST_REPO",
                                         "PULL_REQUEST_USING_MERGE_REFSPEC",
                                         "MERGE_QUEUE_BASE_BRANCH",
                                         "MERGE_QUEUE_BASE_COMMIT",
                                         "GIT_DIFF_BASE",
                                         "GITHUB_ACTION",
                                         "GITHUB_COMMENT_ID",
                                         "GITHUB_DEPLOYMENT_ID",
                                         "GITHUB_DEPLOYMENT_TASK",
                                         "GITHUB_DEPLOYMENT_ENVIRONMENT",
                                         "GITHUB_DEPLOYMENT_PAYLOAD",
                                         "GITHUB_EVENT",
                                         "GITHUB_REVIEW_ID",
                                         "GITHUB_CHECK_RUN_CONCLUSION",
                                         "GITHUB_CHECK_RUN_NAME",
                                         "GITHUB_DEPLOYMENT_STATUS_ENVIRONMENT",
                                         "GITHUB_DEPLOYMENT_STATUS_STATE",
                                         "GITHUB_RELEASE_DRAFT",
                                         "GITHUB_RELEASE_PRERELEASE",
                                         "GITHUB_RELEASE_TAG",
                                         "GITHUB_REVIEW_STATE"};

}  // namespace

std::span<const ConditionName> condition_names() { return kNames; }

std::span<const ConditionName> notification_names() { return kNotificationNames; }

const ConditionName* find_condition_name(std::string_view name) {
  const auto found = std::ranges::find(kNames, name, &ConditionName::name);
  return found == std::end(kNames) ? nullptr : &*found;
}

bool may_ask_environment(std::string_view variable) {
  if (!variable.starts_with(kEnvironmentPrefix)) return true;
  variable.remove_prefix(kEnvironmentPrefix.size());
  return std::ranges::find(kAskable, variable) != std::end(kAskable);
}

}  // namespace ostler::pipeline
