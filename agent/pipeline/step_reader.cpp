// SPDX-License-Identifier: Apache-2.0
#include "pipeline/step_reader.hpp"

#include <algorithm>
#include <utility>

#include "base/joined.hpp"
#include "base/nearest_word.hpp"
#include "pipeline/dependency_reader.hpp"
#include "pipeline/matrix_reader.hpp"
#include "pipeline/retry_reader.hpp"
#include "pipeline/soft_fail_reader.hpp"
#include "pipeline/step_keys.hpp"
#include "pipeline/step_kinds.hpp"

namespace ostler::pipeline {
namespace {

using model::StepKind;

/// More than any build may have.
constexpr int kMostParallelJobs = 10'000;

}  // namespace

std::span<const StepReader::Key> StepReader::keys_of(StepKind kind) {
  static constexpr Key kCommandKeys[] = {
      {"command", "command", &StepReader::read_command},
      {"commands", "command", &StepReader::read_command},
      {"script", "command", &StepReader::read_command},
      {"label", "label", &StepReader::read_label},
      {"name", "label", &StepReader::read_label},
      {"key", "key", &StepReader::read_key},
      {"id", "key", &StepReader::read_key},
      {"identifier", "key", &StepReader::read_key},
      {"env", "env", &StepReader::read_env},
      {"depends_on", "depends_on", &StepReader::read_depends_on},
      {"allow_dependency_failure", "allow_dependency_failure",
       &StepReader::read_allow_dependency_failure},
      {"agents", "agents", &StepReader::read_agents},
      {"agent_query_rules", "agents", &StepReader::read_agents},
      {"artifact_paths", "artifact_paths", &StepReader::read_artifact_paths},
      {"artifacts", "artifact_paths", &StepReader::read_artifact_paths},
      {"timeout_in_minutes", "timeout_in_minutes", &StepReader::read_timeout},
      {"timeout", "timeout_in_minutes", &StepReader::read_timeout},
      {"type", "type", &StepReader::read_nothing},
      {"branches", "branches", nullptr},
      {"cache", "cache", nullptr},
      {"cancel_on_build_failing", "cancel_on_build_failing", nullptr},
      {"checkout", "checkout", nullptr},
      {"concurrency", "concurrency", nullptr},
      {"concurrency_group", "concurrency_group", nullptr},
      {"concurrency_method", "concurrency_method", nullptr},
      {"if", "if", nullptr},
      {"if_changed", "if_changed", nullptr},
      {"image", "image", nullptr},
      {"matrix", "matrix", &StepReader::read_matrix},
      {"notify", "notify", nullptr},
      {"parallelism", "parallelism", &StepReader::read_parallelism},
      {"plugins", "plugins", nullptr},
      {"priority", "priority", &StepReader::read_priority},
      {"retry", "retry", &StepReader::read_retry},
      {"secrets", "secrets", nullptr},
      {"signature", "signature", nullptr},
      {"skip", "skip", &StepReader::read_skip},
      {"soft_fail", "soft_fail", &StepReader::read_soft_fail},
  };
  static constexpr Key kWaitKeys[] = {
      {"wait", "wait", &StepReader::read_wait},
      {"waiter", "wait", &StepReader::read_wait},
      {"label", "label", &StepReader::read_label},
      {"name", "label", &StepReader::read_label},
      {"key", "key", &StepReader::read_key},
      {"id", "key", &StepReader::read_key},
      {"identifier", "key", &StepReader::read_key},
      {"depends_on", "depends_on", &StepReader::read_depends_on},
      {"allow_dependency_failure", "allow_dependency_failure",
       &StepReader::read_allow_dependency_failure},
      {"type", "type", &StepReader::read_nothing},
      {"branches", "branches", nullptr},
      {"continue_on_failure", "continue_on_failure", nullptr},
      {"if", "if", nullptr},
  };
  if (kind == StepKind::Wait) return kWaitKeys;
  return kCommandKeys;
}

std::optional<model::StepDefinition> StepReader::read(const YamlNode& node) {
  step_.at = node.at;
  if (node.kind == YamlNode::Kind::Scalar) return read_scalar(node);
  if (node.kind != YamlNode::Kind::Mapping) {
    complain_of_kind(node);
    return std::nullopt;
  }
  const auto kind = kind_of(node);
  if (!kind) return std::nullopt;
  step_.kind = *kind;
  for (const YamlEntry& entry : flattened(node)) read_entry(entry);
  check_whole(node);
  return std::move(step_);
}

std::optional<model::StepDefinition> StepReader::read_scalar(const YamlNode& node) {
  const KindWord* word = kind_word(node.text);
  const bool is_step = word != nullptr && word->kind != StepKind::Command;
  if (!is_step || node.text == "trigger" || node.text == "group") {
    complain_of_kind(node);
    return std::nullopt;
  }
  if (!word->kind) {
    values_.faults().add_unsupported(node.text, number_, node.at);
    return std::nullopt;
  }
  step_.kind = *word->kind;
  return std::move(step_);
}

std::optional<StepKind> StepReader::kind_of(const YamlNode& node) {
  if (const YamlEntry* type = entry_of(node, "type")) return kind_of_type(*type->value);
  for (const KindWord& known : kind_words()) {
    const YamlEntry* entry = entry_of(node, known.word);
    if (entry == nullptr) continue;
    if (!known.kind) values_.faults().add_unsupported(known.word, number_, entry->at);
    return known.kind;
  }
  complain_of_kind(node);
  return std::nullopt;
}

std::optional<StepKind> StepReader::kind_of_type(const YamlNode& type) {
  const std::string name = values_.text(type, "type");
  const KindWord* word = kind_word(name);
  if (word == nullptr || name == "plugins") {
    values_.faults().add(type.at, "\"" + name + "\" is no type of step; use command or wait");
    return std::nullopt;
  }
  if (!word->kind) values_.faults().add_unsupported(name, number_, type.at);
  return word->kind;
}

void StepReader::read_entry(const YamlEntry& entry) {
  const auto keys = keys_of(step_.kind);
  const auto key = std::find_if(keys.begin(), keys.end(),
                                [&entry](const Key& known) { return known.name == entry.key; });
  if (key == keys.end()) return complain_of_key(entry);
  if (key->read == nullptr) {
    return values_.faults().add_unsupported(key->name, number_, entry.at);
  }
  if (!seen_.insert(key->meaning).second) {
    return values_.faults().add(entry.at, "\"" + entry.key + "\" gives \"" +
                                              std::string(key->meaning) +
                                              "\" a second time; keep one");
  }
  (this->*key->read)(*entry.value, entry.key);
}

void StepReader::complain_of_key(const YamlEntry& entry) {
  std::vector<std::string_view> names;
  for (const Key& key : keys_of(step_.kind)) names.push_back(key.name);
  const std::string_view near = nearest_word(entry.key, names);
  std::string text = "unknown key \"" + entry.key + "\" in " +
                     (step_.kind == StepKind::Wait ? "a wait step" : "a command step");
  if (near.empty()) {
    text += "; remove it";
  } else {
    text.append("; did you mean \"").append(near).append("\"?");
  }
  values_.faults().add(entry.at, text);
}

/// For what is no step: the key that was most likely meant to make it one.
void StepReader::complain_of_kind(const YamlNode& node) {
  constexpr std::string_view kMakers[] = {"command", "commands", "script", "wait", "waiter"};
  const std::string step = "step " + std::to_string(number_);
  for (const YamlEntry& entry : node.entries) {
    const std::string_view near = nearest_word(entry.key, kMakers);
    if (near.empty()) continue;
    return values_.faults().add(entry.at, "unknown key \"" + entry.key + "\" in " + step +
                                              "; did you mean \"" + std::string(near) + "\"?");
  }
  const std::string what = node.kind == YamlNode::Kind::Scalar ? ": \"" + node.text + "\"" : "";
  values_.faults().add(node.at, step + " is neither a command nor a wait" + what +
                                    "; write \"- command: ...\" or \"- wait\"");
}

void StepReader::read_wait(const YamlNode& value, std::string_view key) {
  std::string label = values_.text(value, key);
  if (step_.label.empty()) step_.label = std::move(label);
}

void StepReader::read_command(const YamlNode& value, std::string_view key) {
  step_.command = joined(values_.texts(value, key), "\n");
}

void StepReader::read_label(const YamlNode& value, std::string_view key) {
  step_.label = values_.text(value, key);
}

void StepReader::read_key(const YamlNode& value, std::string_view key) {
  step_.key = values_.text(value, key);
  if (const auto fault = fault_in_step_key(step_.key)) {
    values_.faults().add(value.at, "the key \"" + step_.key + "\" " + std::string(*fault));
  }
}

void StepReader::read_env(const YamlNode& value, std::string_view key) {
  step_.env = values_.variables(value, key);
}

void StepReader::read_agents(const YamlNode& value, std::string_view key) {
  step_.agent_query_rules = values_.query_rules(value, key);
}

void StepReader::read_artifact_paths(const YamlNode& value, std::string_view key) {
  step_.artifact_paths = joined(values_.texts(value, key), ";");
}

void StepReader::read_timeout(const YamlNode& value, std::string_view key) {
  step_.timeout_in_minutes = values_.positive_number(value, key);
}

void StepReader::read_allow_dependency_failure(const YamlNode& value, std::string_view key) {
  step_.allow_dependency_failure = values_.boolish(value, key);
}

void StepReader::read_depends_on(const YamlNode& value, std::string_view) {
  step_.depends_on = read_dependencies(values_, value);
}

void StepReader::read_soft_fail(const YamlNode& value, std::string_view) {
  step_.soft_fail = pipeline::read_soft_fail(values_, value);
}

void StepReader::read_parallelism(const YamlNode& value, std::string_view key) {
  step_.parallelism = values_.number(value, key, 0, kMostParallelJobs);
}

void StepReader::read_matrix(const YamlNode& value, std::string_view) {
  step_.matrix = pipeline::read_matrix(values_, value);
}

void StepReader::read_skip(const YamlNode& value, std::string_view) {
  step_.skip = pipeline::read_skip(values_, value);
}

void StepReader::read_priority(const YamlNode& value, std::string_view key) {
  constexpr int kLargestPriority = 1'000'000'000;
  step_.priority = values_.number(value, key, -kLargestPriority, kLargestPriority).value_or(0);
}

/// What only the whole step tells.
void StepReader::check_whole(const YamlNode& node) {
  if (step_.matrix && step_.parallelism) {
    values_.faults().add(node.at, "matrix and parallelism do not go together; remove one");
  }
  check_matrix_tokens(step_, values_.faults());
}

void StepReader::read_retry(const YamlNode& value, std::string_view) {
  step_.retry = pipeline::read_retry(values_, value);
}

}  // namespace ostler::pipeline
