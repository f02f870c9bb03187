// SPDX-License-Identifier: Apache-2.0
#include "base/joined.hpp"
#include "pipeline/carried_reader.hpp"
#include "pipeline/checkout_reader.hpp"
#include "pipeline/concurrency_reader.hpp"
#include "pipeline/matrix_reader.hpp"
#include "pipeline/notify_reader.hpp"
#include "pipeline/retry_reader.hpp"
#include "pipeline/secrets_reader.hpp"
#include "pipeline/soft_fail_reader.hpp"
#include "pipeline/step_attributes.hpp"

namespace ostler::pipeline {
namespace {

/// More than any build may have.
constexpr int kMostParallelJobs = 10'000;

void read_command(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.command = joined(draft.values.texts(value, name), "\n");
}

void read_env(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.env = draft.values.variables(value, name);
}

void read_agents(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.agent_query_rules = draft.values.query_rules(value, name);
  draft.step.agents_at = value.at;
}

void read_artifact_paths(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.artifact_paths = joined(draft.values.texts(value, name), ";");
}

void read_timeout(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.timeout_in_minutes = draft.values.positive_number(value, name);
}

void read_matrix_of(StepDraft& draft, const YamlNode& value, std::string_view) {
  draft.step.matrix = read_matrix(draft.values, value);
}

void read_parallelism(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.parallelism = draft.values.number(value, name, 0, kMostParallelJobs);
}

void read_priority_of(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.priority = draft.values.priority(value, name);
}

void read_retry_of(StepDraft& draft, const YamlNode& value, std::string_view) {
  draft.step.retry = read_retry(draft.values, value);
}

void read_skip_of(StepDraft& draft, const YamlNode& value, std::string_view) {
  draft.step.skip = read_skip(draft.values, value);
}

void read_cancel_on_build_failing(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.cancel_on_build_failing = draft.values.boolish(value, name);
}

void read_soft_fail_of(StepDraft& draft, const YamlNode& value, std::string_view) {
  draft.step.soft_fail = read_soft_fail(draft.values, value);
}

void read_image(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.carried.image = draft.values.text(value, name);
}

void read_plugins_of(StepDraft& draft, const YamlNode& value, std::string_view) {
  draft.step.carried.plugins = read_plugins(draft.values, value);
}

void read_signature_of(StepDraft& draft, const YamlNode& value, std::string_view) {
  draft.step.carried.signature = read_signature(draft.values, value);
}

/// Those of the pipeline join them when the step has been read.
void read_secrets_of(StepDraft& draft, const YamlNode& value, std::string_view) {
  draft.step.carried.secrets = secrets_text(read_secrets(draft.values, value, false));
}

void read_checkout_of(StepDraft& draft, const YamlNode& value, std::string_view) {
  draft.step.carried.checkout = read_checkout(draft.values, value, CheckoutPlace::Step);
}

void read_notify_of(StepDraft& draft, const YamlNode& value, std::string_view) {
  draft.step.carried.notify =
      notifications_text(read_notify(draft.values, value, NotifyPlace::Step));
}

/// `cache` is for machines that their provider keeps; `if_changed` is for whoever has the commits
/// at hand, which is the agent that uploads the step.
void pass_over(StepDraft&, const YamlNode&, std::string_view) {}

constexpr StepAttribute kCommandAttributes[] = {
    {"command", "command", read_command},
    {"commands", "command", read_command},
    {"script", "command", read_command},
    {"env", "env", read_env},
    {"agents", "agents", read_agents},
    {"agent_query_rules", "agents", read_agents},
    {"artifact_paths", "artifact_paths", read_artifact_paths},
    {"artifacts", "artifact_paths", read_artifact_paths},
    {"timeout_in_minutes", "timeout_in_minutes", read_timeout},
    {"timeout", "timeout_in_minutes", read_timeout},
    {"cache", "cache", pass_over},
    {"cancel_on_build_failing", "cancel_on_build_failing", read_cancel_on_build_failing},
    {"checkout", "checkout", read_checkout_of},
    {"concurrency", "concurrency", read_concurrency},
    {"concurrency_group", "concurrency_group", read_concurrency_group},
    {"concurrency_method", "concurrency_method", read_concurrency_method},
    {"if_changed", "if_changed", pass_over},
    {"image", "image", read_image},
    {"matrix", "matrix", read_matrix_of},
    {"notify", "notify", read_notify_of},
    {"parallelism", "parallelism", read_parallelism},
    {"plugins", "plugins", read_plugins_of},
    {"priority", "priority", read_priority_of},
    {"retry", "retry", read_retry_of},
    {"secrets", "secrets", read_secrets_of},
    {"signature", "signature", read_signature_of},
    {"skip", "skip", read_skip_of},
    {"soft_fail", "soft_fail", read_soft_fail_of},
};

}  // namespace

StepAttributes command_attributes() { return kCommandAttributes; }

}  // namespace ostler::pipeline
