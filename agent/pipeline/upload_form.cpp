// SPDX-License-Identifier: Apache-2.0
#include "pipeline/upload_form.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "pipeline/exact_json.hpp"
#include "pipeline/plugin_list.hpp"
#include "pipeline/upload_step_kind.hpp"

namespace ostler::pipeline {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kScalarSteps[] = {"wait", "waiter", "block", "input", "manual"};

/// Another spelling of an attribute. Source: pipeline-yaml 2.3.
using Alias = std::pair<std::string_view, std::string_view>;  // spelling, attribute
constexpr Alias kStepAliases[] = {{"id", "key"}, {"identifier", "key"}, {"name", "label"}};
constexpr Alias kCommandAliases[] = {
    {"id", "key"}, {"identifier", "key"}, {"name", "label"}, {"commands", "command"}};

std::string_view attribute_of(std::string_view spelling, std::span<const Alias> aliases) {
  for (const auto& [alias, attribute] : aliases) {
    if (alias == spelling) return attribute;
  }
  return spelling;
}

/// The attribute's own name wins over another spelling, and the first of these over the rest.
void rename(Json& step, std::span<const Alias> aliases) {
  Json renamed = Json::object();
  for (auto& [spelling, value] : step.items()) {
    const std::string attribute(attribute_of(spelling, aliases));
    const bool is_taken = attribute != spelling && step.contains(attribute);
    if (is_taken || renamed.contains(attribute)) continue;
    renamed[attribute] = std::move(value);
  }
  step = std::move(renamed);
}

bool is_scalar(const Json& value) { return !value.is_structured(); }

/// The text of a scalar, as where a text is wanted.
std::string text_of(const Json& scalar) {
  if (scalar.is_string()) return scalar.get<std::string>();
  return scalar.is_null() ? "" : exact_json_text(scalar);
}

Json secret(const std::string& key, const std::string& variable) {
  return {{"key", key}, {"environment_variable", variable}};
}

/// Changes one pipeline.
class UploadForm {
 public:
  UploadForm(FaultList& faults, std::vector<std::string>& warnings)
      : faults_(faults), warnings_(warnings) {}

  /// `document` is an object; afterwards its `steps` is a list.
  void apply(Json& document);

 private:
  void steps(Json& list);
  void step(Json& step);
  void command_step(Json& step);
  void group_step(Json& step);
  void check_scalar_step(const Json& step);
  void warn_of_unknown(std::string_view what);
  void join_commands(Json& step);
  void texts_of(Json& object, std::string_view what);
  void list_plugins(Json& plugins);
  void list_secrets(Json& secrets);
  void fault(std::string_view text);

  FaultList& faults_;
  std::vector<std::string>& warnings_;
  std::size_t number_ = 0;  ///< of the step at the top, counted from 1
};

void UploadForm::apply(Json& document) {
  if (const auto env = document.find("env"); env != document.end()) texts_of(*env, "env");
  if (const auto secrets = document.find("secrets"); secrets != document.end()) {
    list_secrets(*secrets);
  }
  Json& list = document["steps"];
  if (list.is_null() || list.empty()) warnings_.emplace_back("the pipeline has no steps");
  if (list.is_null()) list = Json::array();
  if (!list.is_array()) return fault("steps must be a list; begin each step with \"- \"");
  for (Json& one : list) {
    faults_.enter_step(++number_);
    step(one);
  }
  faults_.enter_step(0);
}

void UploadForm::steps(Json& list) {
  if (!list.is_array()) return fault("steps of a group must be a list");
  for (Json& one : list) step(one);
}

void UploadForm::step(Json& step) {
  if (!step.is_object()) return check_scalar_step(step);
  using Kind = UploadStepKind;
  switch (upload_step_kind(step)) {
    case Kind::Command: return command_step(step);
    case Kind::Group: return group_step(step);
    case Kind::Wait:
    case Kind::Input: return rename(step, kStepAliases);
    case Kind::Trigger:
      rename(step, kStepAliases);
      if (step.contains("build") && step["build"].is_object() && step["build"].contains("env")) {
        texts_of(step["build"]["env"], "env");
      }
      return;
    case Kind::Unknown: return warn_of_unknown("has no known type");
  }
}

void UploadForm::check_scalar_step(const Json& step) {
  for (const std::string_view word : kScalarSteps) {
    if (step == word) return;
  }
  warn_of_unknown("is no step");
}

void UploadForm::warn_of_unknown(std::string_view what) {
  warnings_.push_back("step " + std::to_string(number_) + " " + std::string(what) +
                      "; it is uploaded as it is");
}

void UploadForm::command_step(Json& step) {
  rename(step, kCommandAliases);
  if (step.contains("command") && step["command"].is_object()) {
    return warn_of_unknown("has a mapping for its command");
  }
  join_commands(step);
  if (step.contains("env")) texts_of(step["env"], "env");
  if (step.contains("plugins")) list_plugins(step["plugins"]);
  if (step.contains("secrets")) list_secrets(step["secrets"]);
  if (step.contains("cache")) {
    Json& cache = step["cache"];
    if (cache.is_string()) cache = Json::array({cache});
    if (cache.is_array()) cache = {{"paths", cache}};
  }
  if (step.contains("checkout") && step["checkout"].is_boolean()) {
    fault("checkout must be a mapping; write \"checkout: {skip: true}\"");
  }
}

void UploadForm::group_step(Json& step) {
  if (!step.contains("group")) step["group"] = nullptr;
  for (const char* name : {"label", "name"}) {
    if (step["group"].is_null() && step.contains(name)) step["group"] = step[name];
  }
  step.erase("label");
  step.erase("name");
  rename(step, kStepAliases);
  if (step.contains("steps")) steps(step["steps"]);
}

void UploadForm::join_commands(Json& step) {
  const auto command = step.find("command");
  if (command == step.end()) return;
  if (is_scalar(*command)) {
    *command = text_of(*command);
    return;
  }
  std::string lines;
  for (std::size_t at = 0; at < command->size(); ++at) {
    const Json& line = (*command)[at];
    if (!is_scalar(line)) return fault("command must be text or a list of texts");
    lines += (at > 0 ? "\n" : "") + text_of(line);
  }
  *command = std::move(lines);
}

void UploadForm::texts_of(Json& object, std::string_view what) {
  if (object.is_null()) object = Json::object();
  if (!object.is_object()) return fault(std::string(what) + " must be a mapping");
  for (auto& [name, value] : object.items()) {
    if (!is_scalar(value)) return fault(std::string(what) + " " + name + " must be text");
    value = text_of(value);
  }
}

void UploadForm::list_plugins(Json& plugins) {
  const auto list = plugin_list(exact_json_text(plugins));
  if (!list) return fault(list.error().message());
  plugins = parse_exact_json<Json>(list.value());
}

void UploadForm::list_secrets(Json& secrets) {
  Json list = Json::array();
  if (secrets.is_object()) {
    for (const auto& [variable, key] : secrets.items()) {
      if (!key.is_string()) return fault("secret " + variable + " must name a key");
      list.push_back(secret(key, variable));
    }
  }
  if (secrets.is_array()) {
    for (const Json& item : secrets) {
      if (!item.is_string() && !item.is_object())
        return fault("a secret must be the name of a key");
      list.push_back(item.is_string() ? secret(item, item) : item);
    }
  }
  if (secrets.is_null() || secrets.is_string()) {
    return fault("secrets must be a list of keys, or a mapping of variables to keys");
  }
  secrets = std::move(list);
}

void UploadForm::fault(std::string_view text) { faults_.add({}, text); }

}  // namespace

std::string upload_form(std::string_view json, FaultList& faults,
                        std::vector<std::string>& warnings) {
  auto document = parse_exact_json<Json>(json);
  UploadForm(faults, warnings).apply(document);
  return exact_json_text(document);
}

}  // namespace ostler::pipeline
