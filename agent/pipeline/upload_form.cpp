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
  MemberFinder<Json> finder;
  for (auto& [spelling, value] : step.items()) {
    const std::string attribute(attribute_of(spelling, aliases));
    if (attribute != spelling && step.contains(attribute)) continue;
    const std::size_t before = renamed.size();
    Json& member = finder.member(renamed, attribute);
    if (renamed.size() > before) member = std::move(value);
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

/// A value as it is written. What came about in another way stands where that was written in which
/// it is.
class Written {
 public:
  Written(const YamlNode* node, model::SourcePosition at) : node_(node), at_(at) {}

  model::SourcePosition at() const { return at_; }

  /// The value of a key, whatever its spelling.
  Written member(std::string_view attribute) const {
    if (node_ == nullptr) return *this;
    for (const YamlEntry& entry : node_->entries) {
      const bool is_it =
          entry.key == attribute || attribute_of(entry.key, kCommandAliases) == attribute;
      if (is_it) return {entry.value, entry.value->at};
    }
    return {nullptr, at_};
  }

  Written item(std::size_t index) const {
    if (node_ == nullptr || index >= node_->items.size()) return {nullptr, at_};
    return {node_->items[index], node_->items[index]->at};
  }

  bool is_list() const { return node_ != nullptr && node_->kind == YamlNode::Kind::Sequence; }

 private:
  const YamlNode* node_;
  model::SourcePosition at_;
};

/// Changes one pipeline.
class UploadForm {
 public:
  UploadForm(FaultList& faults, std::vector<std::string>& warnings)
      : faults_(faults), warnings_(warnings) {}

  /// `document` is an object; afterwards its `steps` is a list.
  void apply(Json& document, const Written& written);

 private:
  void steps(Json& list, const Written& written);
  void step(Json& step, const Written& written);
  void command_step(Json& step, const Written& written);
  void group_step(Json& step, const Written& written);
  void check_scalar_step(const Json& step);
  void warn_of_unknown(std::string_view what);
  void join_commands(Json& step, const Written& written);
  void texts_of(Json& object, std::string_view what, const Written& written);
  void list_plugins(Json& plugins, const Written& written);
  void list_secrets(Json& secrets, const Written& written);
  /// Of one of many members: what is only counted needs no place.
  Written place_of(std::string_view name, const Written& written) const {
    return faults_.is_full() ? written : written.member(name);
  }
  void fault(const Written& where, std::string_view text) { faults_.add(where.at(), text); }

  FaultList& faults_;
  std::vector<std::string>& warnings_;
  std::size_t number_ = 0;  ///< of the step at the top, counted from 1
};

void UploadForm::apply(Json& document, const Written& written) {
  if (const auto env = document.find("env"); env != document.end()) {
    texts_of(*env, "env", written.member("env"));
  }
  if (const auto secrets = document.find("secrets"); secrets != document.end()) {
    list_secrets(*secrets, written.member("secrets"));
  }
  const Written all = written.is_list() ? written : written.member("steps");
  Json& list = document["steps"];
  if (list.is_null() || list.empty()) warnings_.emplace_back("the pipeline has no steps");
  if (list.is_null()) list = Json::array();
  if (!list.is_array()) return fault(all, "steps must be a list; begin each step with \"- \"");
  for (Json& one : list) step(one, all.item(number_++));
}

void UploadForm::steps(Json& list, const Written& written) {
  if (!list.is_array()) return fault(written, "steps of a group must be a list");
  std::size_t at = 0;
  for (Json& one : list) step(one, written.item(at++));
}

void UploadForm::step(Json& step, const Written& written) {
  if (!step.is_object()) return check_scalar_step(step);
  using Kind = UploadStepKind;
  switch (upload_step_kind(step)) {
    case Kind::Command: return command_step(step, written);
    case Kind::Group: return group_step(step, written);
    case Kind::Wait:
    case Kind::Input: return rename(step, kStepAliases);
    case Kind::Trigger:
      rename(step, kStepAliases);
      if (step.contains("build") && step["build"].is_object() && step["build"].contains("env")) {
        texts_of(step["build"]["env"], "env", written.member("build").member("env"));
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

void UploadForm::command_step(Json& step, const Written& written) {
  rename(step, kCommandAliases);
  if (step.contains("command") && step["command"].is_object()) {
    return warn_of_unknown("has a mapping for its command");
  }
  join_commands(step, written);
  if (step.contains("env")) texts_of(step["env"], "env", written.member("env"));
  if (step.contains("plugins")) list_plugins(step["plugins"], written.member("plugins"));
  if (step.contains("secrets")) list_secrets(step["secrets"], written.member("secrets"));
  if (step.contains("cache")) {
    Json& cache = step["cache"];
    if (cache.is_string()) cache = Json::array({cache});
    if (cache.is_array()) cache = {{"paths", cache}};
  }
  if (step.contains("checkout") && step["checkout"].is_boolean()) {
    fault(written.member("checkout"),
          "checkout must be a mapping; write \"checkout: {skip: true}\"");
  }
}

void UploadForm::group_step(Json& step, const Written& written) {
  if (!step.contains("group")) step["group"] = nullptr;
  for (const char* name : {"label", "name"}) {
    if (step["group"].is_null() && step.contains(name)) step["group"] = step[name];
  }
  step.erase("label");
  step.erase("name");
  rename(step, kStepAliases);
  if (step.contains("steps")) steps(step["steps"], written.member("steps"));
}

void UploadForm::join_commands(Json& step, const Written& written) {
  const auto command = step.find("command");
  if (command == step.end()) return;
  if (is_scalar(*command)) {
    *command = text_of(*command);
    return;
  }
  std::string lines;
  for (std::size_t at = 0; at < command->size(); ++at) {
    const Json& line = (*command)[at];
    if (!is_scalar(line)) {
      return fault(written.member("command").item(at), "command must be text or a list of texts");
    }
    lines += (at > 0 ? "\n" : "") + text_of(line);
  }
  *command = std::move(lines);
}

void UploadForm::texts_of(Json& object, std::string_view what, const Written& written) {
  if (object.is_null()) object = Json::object();
  if (!object.is_object()) return fault(written, std::string(what) + " must be a mapping");
  for (auto& [name, value] : object.items()) {
    if (is_scalar(value)) {
      value = text_of(value);
    } else {
      fault(place_of(name, written), std::string(what) + " " + name + " must be text");
    }
  }
}

void UploadForm::list_plugins(Json& plugins, const Written& written) {
  const auto list = plugin_list(exact_json_text(plugins));
  if (!list) return fault(written, list.error().message());
  plugins = parse_exact_json<Json>(list.value());
}

void UploadForm::list_secrets(Json& secrets, const Written& written) {
  Json list = Json::array();
  if (secrets.is_object()) {
    for (const auto& [variable, key] : secrets.items()) {
      if (!key.is_string()) {
        fault(place_of(variable, written), "secret " + variable + " must name a key");
        continue;
      }
      list.push_back(secret(key, variable));
    }
  }
  if (secrets.is_array()) {
    std::size_t at = 0;
    for (const Json& item : secrets) {
      const Written place = written.item(at++);
      if (!item.is_string() && !item.is_object()) {
        fault(place, "a secret must be the name of a key");
        continue;
      }
      list.push_back(item.is_string() ? secret(item, item) : item);
    }
  }
  if (secrets.is_null() || secrets.is_string()) {
    return fault(written, "secrets must be a list of keys, or a mapping of variables to keys");
  }
  secrets = std::move(list);
}

}  // namespace

std::string upload_form(std::string_view json, const YamlNode& root, FaultList& faults,
                        std::vector<std::string>& warnings) {
  auto document = parse_exact_json<Json>(json);
  UploadForm(faults, warnings).apply(document, {&root, root.at});
  return exact_json_text(document);
}

}  // namespace ostler::pipeline
