// SPDX-License-Identifier: Apache-2.0
#include "wire/step_attributes.hpp"

#include <nlohmann/json.hpp>

#include "model/step_state.hpp"
#include "wire/json_reader.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

json text_or_null(const std::string& text) { return text.empty() ? json() : json(text); }

json env_of(const model::Step& step) {
  json env = json::object();
  for (const auto& [name, value] : step.env) env[name] = value;
  return env;
}

/// Rules "tag=value" as an object.
json agents_of(const model::Step& step) {
  json agents = json::object();
  for (const std::string& rule : step.agent_query_rules) {
    const std::size_t equals = rule.find('=');
    agents[rule.substr(0, equals)] = equals == rule.npos ? "true" : rule.substr(equals + 1);
  }
  return agents;
}

json dependencies_of(const model::StepView& step) {
  json list = json::array();
  for (const model::Predecessor& dependency : step.depends_on) {
    list.push_back({{"step", dependency.key.empty() ? dependency.step.str() : dependency.key},
                    {"allow_failure", dependency.allow_failure}});
  }
  return list;
}

/// Source: pipeline-yaml, 21.3.
const char* type_of(model::StepKind kind) {
  if (is_gate(kind)) return "input";
  if (kind == model::StepKind::Trigger) return "trigger";
  return kind == model::StepKind::Wait ? "wait" : "command";
}

json attributes_of(const model::StepView& view) {
  const model::Step& step = view.job.step;
  json all = {{"id", step.id.str()},
              {"key", text_or_null(step.key)},
              {"label", text_or_null(step.label)},
              {"type", type_of(step.kind)},
              {"state", model::to_string(step_state(view.jobs))},
              {"outcome", model::to_string(step_outcome(view.jobs))},
              {"depends_on", dependencies_of(view)}};
  if (step.kind != model::StepKind::Command) return all;
  all["command"] = step.command;
  all["env"] = env_of(step);
  all["agents"] = agents_of(step);
  all["artifact_paths"] = text_or_null(step.artifact_paths);
  all["timeout_in_minutes"] = step.timeout_in_minutes ? json(*step.timeout_in_minutes) : json();
  all["priority"] = view.job.priority;
  return all;
}

Error unknown_attribute(const json& all, std::string_view attribute) {
  std::string names;
  for (const auto& [name, value] : all.items()) names += (names.empty() ? "" : ", ") + name;
  return {Errc::UserFault,
          "a step has no attribute \"" + std::string(attribute) + "\"; it has " + names};
}

Result<std::string> text_of(const json& value, std::string_view attribute) {
  if (value.is_null()) return std::string();
  if (value.is_string()) return value.get<std::string>();
  if (value.is_primitive()) return to_text(value);
  return Error(Errc::UserFault, "attribute \"" + std::string(attribute) +
                                    "\" is no simple text; ask for the format json");
}

}  // namespace

Result<std::string> step_attribute(const model::StepView& step, std::string_view attribute,
                                   std::string_view format) {
  if (!format.empty() && format != "json") {
    return Error(Errc::UserFault, "format \"" + std::string(format) + "\" is not known; json is");
  }
  const json all = attributes_of(step);
  const auto found = all.find(attribute);
  if (attribute.empty()) return to_text(all);
  if (found == all.end()) return unknown_attribute(all, attribute);
  if (format == "json") return to_text(*found);
  return text_of(*found, attribute);
}

}  // namespace ostler::wire
