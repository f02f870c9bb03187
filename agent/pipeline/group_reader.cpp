// SPDX-License-Identifier: Apache-2.0
#include "pipeline/group_reader.hpp"

#include <string_view>
#include <utility>

#include "base/nearest_word.hpp"
#include "pipeline/condition_reader.hpp"
#include "pipeline/dependency_reader.hpp"
#include "pipeline/notify_reader.hpp"
#include "pipeline/soft_fail_reader.hpp"
#include "pipeline/step_keys.hpp"
#include "pipeline/step_kinds.hpp"

namespace ostler::pipeline {
namespace {

class GroupReader {
 public:
  explicit GroupReader(ValueReader& values) : values_(values) {}

  GroupText read(const YamlNode& node) {
    group_.definition.at = node.at;
    for (const YamlEntry& entry : node.entries) read_entry(entry);
    auto& label = group_.definition.label;
    for (std::string* other : {&label_, &name_}) {
      if (label.empty()) label = std::move(*other);
    }
    const YamlEntry* steps = entry_of(node, "steps");
    const bool is_list = steps != nullptr && steps->value->kind == YamlNode::Kind::Sequence;
    if (is_list) group_.steps = steps->value->items;
    if (group_.steps.empty()) {
      values_.faults().add(node.at, "a group needs steps; write \"steps:\" and a list of steps");
    }
    return std::move(group_);
  }

 private:
  using Read = void (GroupReader::*)(const YamlNode& value, std::string_view name);
  struct Key {
    std::string_view name;
    Read read;
  };

  void read_entry(const YamlEntry& entry) {
    static constexpr Key kKeys[] = {
        {"group", &GroupReader::read_title},
        {"label", &GroupReader::read_label},
        {"name", &GroupReader::read_name},
        {"key", &GroupReader::read_key},
        {"id", &GroupReader::read_key},
        {"identifier", &GroupReader::read_key},
        {"depends_on", &GroupReader::read_depends_on},
        {"allow_dependency_failure", &GroupReader::read_allow_failure},
        {"if", &GroupReader::read_if},
        {"skip", &GroupReader::read_skip_of},
        {"notify", &GroupReader::read_notify_of},
        {"if_changed", &GroupReader::read_nothing},
        {"steps", &GroupReader::read_nothing},
        {"type", &GroupReader::read_nothing},
    };
    std::vector<std::string_view> names;
    for (const Key& key : kKeys) {
      if (key.name == entry.key) return (this->*key.read)(*entry.value, entry.key);
      names.push_back(key.name);
    }
    const std::string_view near = nearest_word(entry.key, names);
    std::string text = "unknown key \"" + entry.key + "\" in a group; ";
    if (near.empty()) {
      text += "remove it, or give it to its steps";
    } else {
      text.append("did you mean \"").append(near).append("\"?");
    }
    values_.faults().add(entry.at, text);
  }

  void read_nothing(const YamlNode&, std::string_view) {}
  void read_title(const YamlNode& value, std::string_view name) {
    group_.definition.label = values_.text(value, name);
  }
  void read_label(const YamlNode& value, std::string_view name) {
    label_ = values_.text(value, name);
  }
  void read_name(const YamlNode& value, std::string_view name) {
    name_ = values_.text(value, name);
  }
  void read_key(const YamlNode& value, std::string_view name) {
    std::string key = values_.text(value, name);
    if (!group_.definition.key.empty()) {
      values_.faults().add(value.at, "the group has two keys; keep one");
    }
    if (const auto fault = fault_in_step_key(key)) {
      values_.faults().add(value.at, "the key \"" + key + "\" " + std::string(*fault));
    }
    group_.definition.key = std::move(key);
    group_.key_at = value.at;
  }
  void read_depends_on(const YamlNode& value, std::string_view) {
    group_.definition.depends_on = read_dependencies(values_, value);
  }
  void read_allow_failure(const YamlNode& value, std::string_view name) {
    group_.definition.allow_dependency_failure = values_.boolish(value, name);
  }
  void read_if(const YamlNode& value, std::string_view name) {
    group_.condition = read_condition_text(values_, value, name);
  }
  void read_skip_of(const YamlNode& value, std::string_view) {
    group_.skip = read_skip(values_, value);
  }
  void read_notify_of(const YamlNode& value, std::string_view) {
    group_.definition.notify = notifications_text(read_notify(values_, value, NotifyPlace::Group));
  }

  ValueReader& values_;
  GroupText group_;
  std::string label_;
  std::string name_;
};

}  // namespace

bool is_group(const YamlNode& step) {
  if (step.kind != YamlNode::Kind::Mapping) return false;
  if (const YamlEntry* type = entry_of(step, "type")) return type->value->text == "group";
  for (const KindWord& known : kind_words()) {
    if (entry_of(step, known.word) != nullptr) return known.word == "group";
  }
  return false;
}

GroupText read_group(ValueReader& values, const YamlNode& group) {
  return GroupReader(values).read(group);
}

}  // namespace ostler::pipeline
