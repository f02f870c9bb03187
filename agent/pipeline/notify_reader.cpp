// SPDX-License-Identifier: Apache-2.0
#include "pipeline/notify_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/nearest_word.hpp"
#include "pipeline/condition_reader.hpp"
#include "pipeline/document_json.hpp"

namespace ostler::pipeline {
namespace {

constexpr std::size_t kMostNotifications = 100;
constexpr std::size_t kLongestAddress = 2048;  // bytes

enum class Shape : std::uint8_t { Text, Address, Slack, Mapping };

struct NotifyKind {
  std::string_view name;
  Shape shape = Shape::Text;
  bool is_for_steps = true;
  bool is_word = false;  ///< the name alone is enough
};
constexpr NotifyKind kNotifyKinds[] = {
    {"basecamp_campfire", Shape::Address},
    {"email", Shape::Text, false},
    {"github_check", Shape::Mapping, true, true},
    {"github_commit_status", Shape::Mapping, true, true},
    {"pagerduty_change_event", Shape::Text, false},
    {"slack", Shape::Slack},
    {"webhook", Shape::Address, false},
};

const NotifyKind* kind_named(std::string_view name) {
  const auto found = std::ranges::find(kNotifyKinds, name, &NotifyKind::name);
  return found == std::end(kNotifyKinds) ? nullptr : &*found;
}

std::string unknown_kind(std::string_view name) {
  std::vector<std::string_view> names;
  for (const NotifyKind& kind : kNotifyKinds) names.push_back(kind.name);
  const std::string_view near = nearest_word(name, names);
  const std::string text = "notify has no \"" + std::string(name) + "\"; ";
  if (!near.empty()) return text + "did you mean \"" + std::string(near) + "\"?";
  std::string all;
  for (const std::string_view one : names) all += (all.empty() ? "" : ", ") + std::string(one);
  return text + "it takes " + all;
}

bool is_text(const YamlNode& node) {
  return node.kind == YamlNode::Kind::Scalar && !node.text.empty();
}

/// Reads one entry.
class NotifyReader {
 public:
  NotifyReader(ValueReader& values, NotifyPlace place) : values_(values), place_(place) {}

  model::Notification read(const YamlNode& item) {
    if (item.kind == YamlNode::Kind::Scalar) {
      read_word(item);
    } else if (item.kind == YamlNode::Kind::Mapping) {
      read_mapping(item);
    } else {
      fault(item, "notify takes a word, or a mapping such as email: <address>");
    }
    if (values_.faults().empty()) notification_.text = value_json(values_, item);
    return std::move(notification_);
  }

 private:
  void fault(const YamlNode& node, std::string_view text) { values_.faults().add(node.at, text); }

  void read_word(const YamlNode& item) {
    const NotifyKind* kind = kind_named(item.text);
    if (kind == nullptr) return fault(item, unknown_kind(item.text));
    if (kind->is_word) return;
    fault(item, "notify " + item.text + " needs to know whom; write \"" + item.text + ": ...\"");
  }

  void read_mapping(const YamlNode& item) {
    bool has_kind = false;
    for (const YamlEntry& entry : item.entries) {
      if (entry.key == "if") {
        auto condition =
            read_condition_text(values_, *entry.value, "if", ConditionPlace::Notification);
        if (condition) notification_.condition = std::move(condition->text);
        continue;
      }
      const NotifyKind* kind = kind_named(entry.key);
      if (kind == nullptr) {
        values_.faults().add(entry.at, unknown_kind(entry.key));
      } else if (has_kind) {
        values_.faults().add(entry.at,
                             "one entry of notify is for one kind; begin another with \"- \"");
      } else {
        read_target(*kind, entry);
      }
      has_kind = true;
    }
    if (!has_kind)
      fault(item, "this entry of notify says whom nothing; write email:, slack: or webhook:");
  }

  void read_target(const NotifyKind& kind, const YamlEntry& entry) {
    const std::string name(kind.name);
    if (place_ == NotifyPlace::Step && !kind.is_for_steps) {
      return values_.faults().add(
          entry.at,
          "notify " + name + " is for whole builds; move it to the notify of the pipeline");
    }
    const YamlNode& value = *entry.value;
    switch (kind.shape) {
      case Shape::Text:
        if (!is_text(value)) fault(value, "notify " + name + " takes a text");
        return;
      case Shape::Address: return read_address(kind, value);
      case Shape::Slack: return check_slack(value);
      case Shape::Mapping:
        if (value.kind == YamlNode::Kind::Sequence || is_text(value)) {
          fault(value, "notify " + name + " takes a mapping, or stands alone as a word");
        }
        return;
    }
  }

  void read_address(const NotifyKind& kind, const YamlNode& value) {
    const std::string name(kind.name);
    const std::string address = is_text(value) ? values_.text(value, name) : "";
    const bool is_web = address.starts_with("https://") || address.starts_with("http://");
    const bool is_clean =
        std::ranges::none_of(address, [](unsigned char c) { return c <= 0x20 || c == 0x7f; });
    if (!is_web || !is_clean) {
      return fault(value,
                   "notify " + name + " takes an address that begins with https:// or http://");
    }
    if (address.size() > kLongestAddress) {
      return fault(value, "notify " + name + " takes an address of at most 2048 bytes");
    }
    if (kind.name == "webhook") notification_.webhook = address;
  }

  void check_slack(const YamlNode& value) {
    if (is_text(value)) return;
    if (value.kind != YamlNode::Kind::Mapping) {
      return fault(value,
                   "notify slack takes a text such as \"#channel\", or channels: and message:");
    }
    bool has_channels = false;
    for (const YamlEntry& entry : value.entries) {
      if (entry.key == "channels") {
        has_channels = !values_.texts(*entry.value, "channels").empty();
      } else if (entry.key == "message") {
        values_.text(*entry.value, "message");
      } else {
        values_.faults().add(
            entry.at, "notify slack has no \"" + entry.key + "\"; it takes channels and message");
      }
    }
    if (!has_channels) fault(value, "notify slack needs channels; write channels: [\"#channel\"]");
  }

  ValueReader& values_;
  NotifyPlace place_;
  model::Notification notification_;
};

}  // namespace

std::vector<model::Notification> read_notify(ValueReader& values, const YamlNode& value,
                                             NotifyPlace place) {
  std::vector<model::Notification> notifications;
  if (value.kind == YamlNode::Kind::Null) return notifications;
  if (value.kind != YamlNode::Kind::Sequence) {
    values.faults().add(value.at, "notify must be a list; begin each with \"- \"");
    return notifications;
  }
  if (value.items.size() > kMostNotifications) {
    values.faults().add(value.at, "more than 100 entries in notify; remove some");
    return notifications;
  }
  for (const YamlNode* item : value.items) {
    notifications.push_back(NotifyReader(values, place).read(*item));
  }
  return notifications;
}

std::string notifications_text(const std::vector<model::Notification>& notifications) {
  std::string text;
  for (const model::Notification& one : notifications) {
    text += (text.empty() ? "[" : ",") + one.text;
  }
  return text.empty() ? text : text + "]";
}

std::string notification_kind(const model::Notification& notification) {
  const auto entry = nlohmann::ordered_json::parse(notification.text, nullptr, false);
  if (entry.is_string()) return entry.get<std::string>();
  for (const auto& [key, value] : entry.items()) {
    if (key != "if") return key;
  }
  return {};
}

}  // namespace ostler::pipeline
