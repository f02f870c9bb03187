// SPDX-License-Identifier: Apache-2.0
#include "pipeline/print.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "base/assert.hpp"
#include "pipeline/exact_json.hpp"

namespace ostler::pipeline {
namespace {

using Json = nlohmann::ordered_json;

/// A backslash that does not escape the dollar after it: the default of a variable nobody sets.
constexpr std::string_view kBackslash = "${OSTLER_UNSET-\\}";

/// `text` such that interpolation gives it back.
std::string literal(std::string_view text) {
  std::string out;
  bool odd_backslashes = false;
  for (const char c : text) {
    if (c == '$' && odd_backslashes) {
      out.pop_back();
      out += kBackslash;
    }
    odd_backslashes = c == '\\' && !odd_backslashes;
    out += c;
    if (c == '$') out += c;
  }
  return out;
}

void put(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = literal(text);
}

Json variables(const model::Variables& variables) {
  Json object = Json::object();
  for (const auto& [name, value] : variables) object[literal(name)] = literal(value);
  return object;
}

Json dependencies(const std::vector<model::StepDependency>& dependencies) {
  Json list = Json::array();
  for (const model::StepDependency& dependency : dependencies) {
    list.push_back(
        {{"step", literal(dependency.key)}, {"allow_failure", dependency.allow_failure}});
  }
  return list;
}

Json words(const std::vector<std::string>& words) {
  Json list = Json::array();
  for (const std::string& word : words) list.push_back(literal(word));
  return list;
}

Json retry_rule(const model::RetryRule& rule) {
  Json object = {{"limit", rule.limit}};
  if (rule.exit_statuses) object["exit_status"] = *rule.exit_statuses;
  if (rule.exit_statuses && rule.exit_statuses->empty()) object["exit_status"] = "*";
  if (!rule.signals.empty()) object["signal"] = words(rule.signals);
  if (!rule.signal_reasons.empty()) object["signal_reason"] = words(rule.signal_reasons);
  return object;
}

Json retry(const model::RetryPolicy& policy) {
  Json rules = Json::array();
  for (const model::RetryRule& rule : policy.automatic) rules.push_back(retry_rule(rule));
  return {{"automatic", std::move(rules)},
          {"manual",
           {{"allowed", policy.manual_allowed},
            {"permit_on_passed", policy.permit_on_passed},
            {"reason", literal(policy.reason)}}}};
}

Json soft_fail(const model::SoftFail& soft_fail) {
  if (soft_fail.any || soft_fail.exit_statuses.empty()) return soft_fail.any;
  Json rules = Json::array();
  for (const int status : soft_fail.exit_statuses) rules.push_back({{"exit_status", status}});
  return rules;
}

/// Without a reason it is true: an empty text would not skip.
Json skip(const std::string& reason) { return reason.empty() ? Json(true) : Json(literal(reason)); }

Json matrix(const model::Matrix& matrix) {
  const bool is_simple = matrix.dimensions.size() == 1 && matrix.dimensions[0].name.empty();
  Json setup = Json::object();
  for (const auto& [name, values] : matrix.dimensions) setup[name] = words(values);
  if (is_simple) setup = words(matrix.dimensions[0].values);
  Json adjustments = Json::array();
  for (const model::MatrixAdjustment& adjustment : matrix.adjustments) {
    Json with = Json::object();
    for (const auto& [name, value] : adjustment.with) with[name] = literal(value);
    if (is_simple) with = literal(adjustment.with.at(0).second);
    Json object = {{"with", std::move(with)}};
    if (adjustment.skip) object["skip"] = skip(*adjustment.skip);
    if (adjustment.soft_fail) object["soft_fail"] = soft_fail(*adjustment.soft_fail);
    adjustments.push_back(std::move(object));
  }
  return {{"setup", std::move(setup)}, {"adjustments", std::move(adjustments)}};
}

void put_concurrency(Json& object, const model::Concurrency& concurrency) {
  object["concurrency"] = concurrency.limit;
  put(object, "concurrency_group", concurrency.group);
  object["concurrency_method"] = to_string(concurrency.method);
}

/// How many jobs it makes, when, and what their failures mean.
void put_jobs(Json& object, const model::StepDefinition& definition) {
  if (definition.retry != model::RetryPolicy()) object["retry"] = retry(definition.retry);
  if (definition.soft_fail != model::SoftFail()) {
    object["soft_fail"] = soft_fail(definition.soft_fail);
  }
  if (definition.parallelism) object["parallelism"] = *definition.parallelism;
  if (definition.matrix) object["matrix"] = matrix(*definition.matrix);
  if (definition.skip) object["skip"] = skip(*definition.skip);
  if (definition.concurrency) put_concurrency(object, *definition.concurrency);
  if (definition.cancel_on_build_failing) object["cancel_on_build_failing"] = true;
  if (definition.priority != 0) object["priority"] = definition.priority;
}

using Conditions = std::span<const model::ConditionText>;

/// Several as one that holds when all do.
std::string condition(Conditions conditions) {
  if (conditions.size() == 1) return conditions[0].text;
  std::string text;
  for (const model::ConditionText& one : conditions) {
    // A comment in it ends before the bracket.
    text.append(text.empty() ? "(" : " && (").append(one.text).append("\n)");
  }
  return text;
}

Json gate_field(const model::GateField& field) {
  const bool is_text = field.kind == model::GateFieldKind::Text;
  Json object = {{is_text ? "text" : "select", literal(field.label)},
                 {"key", literal(field.key)},
                 {"required", field.is_required}};
  put(object, "hint", field.hint);
  if (is_text && !field.defaults.empty()) put(object, "default", field.defaults.front());
  if (is_text) put(object, "format", field.format);
  if (is_text) return object;
  if (!field.defaults.empty()) object["default"] = words(field.defaults);
  object["multiple"] = field.is_multiple;
  object["options"] = Json::array();
  for (const model::GateOption& option : field.options) {
    object["options"].push_back(
        {{"label", literal(option.label)}, {"value", literal(option.value)}});
  }
  return object;
}

void put_gate(Json& object, const model::Gate& gate) {
  put(object, "prompt", gate.prompt);
  put(object, "submit", gate.submit);
  object["blocked_state"] = to_string(gate.blocked_state);
  if (!gate.allowed_teams.empty()) object["allowed_teams"] = words(gate.allowed_teams);
  object["fields"] = Json::array();
  for (const model::GateField& field : gate.fields) object["fields"].push_back(gate_field(field));
}

void put_trigger(Json& object, const model::Trigger& trigger) {
  put(object, "trigger", trigger.pipeline);
  if (trigger.is_async) object["async"] = true;
  Json build = Json::object();
  put(build, "branch", trigger.branch);
  put(build, "commit", trigger.commit);
  put(build, "message", trigger.message);
  if (!trigger.env.empty()) build["env"] = variables(trigger.env);
  if (!trigger.meta_data.empty()) build["meta_data"] = variables(trigger.meta_data);
  object["build"] = std::move(build);
}

const char* type_of(model::StepKind kind) {
  switch (kind) {
    case model::StepKind::Command: return "command";
    case model::StepKind::Wait: return "wait";
    case model::StepKind::Block: return "block";
    case model::StepKind::Input: return "input";
    case model::StepKind::Trigger: return "trigger";
  }
  OSTLER_ASSERT(false);
}

/// JSON that is kept as text, with its texts such that interpolation gives them back.
Json literal_json(const Json& value) {
  if (value.is_string()) return literal(value.get_ref<const std::string&>());
  if (!value.is_structured()) return value;
  Json all = value.is_object() ? Json::object() : Json::array();
  for (const auto& [key, member] : value.items()) {
    if (value.is_object()) {
      all[literal(key)] = literal_json(member);
    } else {
      all.push_back(literal_json(member));
    }
  }
  return all;
}

void put_carried(Json& object, const model::CarriedAttributes& carried) {
  put(object, "image", carried.image);
  if (!carried.plugins.empty()) {
    object["plugins"] = literal_json(parse_exact_json<Json>(carried.plugins));
  }
  if (!carried.signature.empty()) object["signature"] = Json::parse(carried.signature);
  if (!carried.secrets.empty()) object["secrets"] = Json::parse(carried.secrets);
  if (!carried.checkout.empty()) object["checkout"] = literal_json(Json::parse(carried.checkout));
  if (!carried.notify.empty()) object["notify"] = literal_json(Json::parse(carried.notify));
}

/// `conditions`: those of its own that its group does not have anyway.
Json step(const model::StepDefinition& definition, Conditions conditions) {
  Json object = {{"type", type_of(definition.kind)}};
  put(object, "key", definition.key);
  put(object, "label", definition.label);
  if (definition.depends_on) object["depends_on"] = dependencies(*definition.depends_on);
  if (definition.allow_dependency_failure) object["allow_dependency_failure"] = true;
  put(object, "branches", definition.branches);
  put(object, "if", condition(conditions));
  if (definition.continue_on_failure) object["continue_on_failure"] = true;
  if (definition.gate) put_gate(object, *definition.gate);
  if (definition.trigger) {
    put_trigger(object, *definition.trigger);
    put_jobs(object, definition);
  }
  if (definition.kind != model::StepKind::Command) return object;
  put(object, "command", definition.command);
  object["env"] = variables(definition.env);
  object["agents"] = Json::array();
  for (const std::string& rule : definition.agent_query_rules) {
    object["agents"].push_back(literal(rule));
  }
  put(object, "artifact_paths", definition.artifact_paths);
  if (definition.timeout_in_minutes) object["timeout_in_minutes"] = *definition.timeout_in_minutes;
  put_jobs(object, definition);
  put_carried(object, definition.carried);
  return object;
}

using Steps = std::span<const model::StepDefinition>;

/// The steps that stand in one group with the first, or the first alone.
Steps first_steps(Steps steps) {
  std::size_t count = 1;
  const auto group = steps[0].group;
  while (group && count < steps.size() && steps[count].group == group) ++count;
  return steps.first(count);
}

/// Whether all of them begin with the same condition, which then may be their group's.
bool share_condition(Steps steps) {
  return std::ranges::all_of(steps, [&](const model::StepDefinition& step) {
    const bool has_both = !step.conditions.empty() && !steps[0].conditions.empty();
    return has_both && step.conditions[0].text == steps[0].conditions[0].text;
  });
}

Json group(const model::GroupDefinition& definition, Steps steps) {
  Json object = {{"group", literal(definition.label)}};
  put(object, "key", definition.key);
  if (definition.depends_on) object["depends_on"] = dependencies(*definition.depends_on);
  if (definition.allow_dependency_failure) object["allow_dependency_failure"] = true;
  if (!definition.notify.empty()) object["notify"] = literal_json(Json::parse(definition.notify));
  const std::size_t shared = share_condition(steps) ? 1 : 0;
  put(object, "if", condition(Conditions(steps[0].conditions).first(shared)));
  object["steps"] = Json::array();
  for (const model::StepDefinition& one : steps) {
    object["steps"].push_back(step(one, Conditions(one.conditions).subspan(shared)));
  }
  return object;
}

}  // namespace

std::string print(const model::PipelineDefinition& definition) {
  Json object = {{"env", variables(definition.env)}, {"steps", Json::array()}};
  for (const model::Notification& one : definition.notifications) {
    object["notify"].push_back(literal_json(Json::parse(one.text)));
  }
  for (Steps left = definition.steps; !left.empty();) {
    const Steps together = first_steps(left);
    const auto index = together[0].group;
    object["steps"].push_back(index ? group(definition.groups[*index], together)
                                    : step(together[0], together[0].conditions));
    left = left.subspan(together.size());
  }
  return exact_json_text(object);
}

}  // namespace ostler::pipeline
