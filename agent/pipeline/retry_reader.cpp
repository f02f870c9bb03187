// SPDX-License-Identifier: Apache-2.0
#include "pipeline/retry_reader.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/nearest_word.hpp"

namespace ostler::pipeline {
namespace {

constexpr int kLargestLimit = 10;
constexpr std::array<std::string_view, 9> kSignalReasons = {"none",
                                                            "cancel",
                                                            "agent_stop",
                                                            "agent_refused",
                                                            "agent_incompatible",
                                                            "process_run_error",
                                                            "signature_rejected",
                                                            "stack_error",
                                                            "*"};
constexpr std::array<std::string_view, 2> kRetryKeys = {"automatic", "manual"};
constexpr std::array<std::string_view, 4> kRuleKeys = {"exit_status", "signal", "signal_reason",
                                                       "limit"};
constexpr std::array<std::string_view, 3> kManualKeys = {"allowed", "permit_on_passed", "reason"};

class RetryReader {
 public:
  explicit RetryReader(ValueReader& values) : values_(values) {}

  model::RetryPolicy read(const YamlNode& value) {
    if (value.kind == YamlNode::Kind::Null) return {};
    if (value.kind != YamlNode::Kind::Mapping) {
      fault(value.at, "retry must be a mapping; write automatic: or manual: under it");
      return {};
    }
    for (const YamlEntry& entry : value.entries) {
      if (entry.key == "automatic") {
        read_automatic(*entry.value);
      } else if (entry.key == "manual") {
        read_manual(*entry.value);
      } else {
        complain_of_key(entry, "retry", kRetryKeys);
      }
    }
    return std::move(policy_);
  }

 private:
  void fault(model::SourcePosition at, const std::string& text) { values_.faults().add(at, text); }

  void complain_of_key(const YamlEntry& entry, const std::string& where,
                       std::span<const std::string_view> known) {
    const std::string_view near = nearest_word(entry.key, known);
    std::string text = "unknown key \"" + entry.key + "\" in " + where + "; ";
    if (!near.empty()) return fault(entry.at, text.append("did you mean \"").append(near) + "\"?");
    text += "use ";
    for (const std::string_view word : known) {
      text.append(word == known.front() ? "" : ", ").append(word);
    }
    fault(entry.at, text);
  }

  void read_automatic(const YamlNode& value) {
    if (value.kind == YamlNode::Kind::Mapping) return read_rule(value);
    if (value.kind == YamlNode::Kind::Sequence) {
      for (const YamlNode* rule : value.items) read_listed_rule(*rule);
      return;
    }
    if (values_.boolish(value, "automatic")) policy_.automatic.emplace_back();
  }

  void read_listed_rule(const YamlNode& rule) {
    if (rule.kind == YamlNode::Kind::Mapping) return read_rule(rule);
    fault(rule.at, "a rule of automatic must be a mapping; write exit_status: under it");
  }

  void read_rule(const YamlNode& mapping) {
    model::RetryRule rule;
    bool has_status = false;
    for (const YamlEntry& entry : mapping.entries) {
      has_status = has_status || entry.key == "exit_status";
      read_condition(entry, rule);
    }
    const bool has_other = !rule.signals.empty() || !rule.signal_reasons.empty();
    if (!has_status && has_other) rule.exit_statuses.reset();
    policy_.automatic.push_back(std::move(rule));
  }

  void read_condition(const YamlEntry& entry, model::RetryRule& rule) {
    const YamlNode& value = *entry.value;
    if (entry.key == "exit_status") {
      rule.exit_statuses = read_statuses(value);
    } else if (entry.key == "signal") {
      rule.signals = read_words(value, "signal");
      for (std::string& signal : rule.signals) {
        if (signal != "none") signal = model::signal_name(signal);
      }
    } else if (entry.key == "signal_reason") {
      rule.signal_reasons = read_words(value, "signal_reason");
      check_reasons(rule.signal_reasons, value.at);
    } else if (entry.key == "limit") {
      rule.limit = values_.number(value, "limit", 0, kLargestLimit).value_or(rule.limit);
    } else {
      complain_of_key(entry, "a rule of automatic", kRuleKeys);
    }
  }

  /// Empty for "*".
  std::vector<int> read_statuses(const YamlNode& value) {
    std::vector<const YamlNode*> items{&value};
    if (value.kind == YamlNode::Kind::Sequence) items = value.items;
    std::vector<int> statuses;
    bool is_any = false;
    for (const YamlNode* item : items) {
      is_any = is_any || (item->kind == YamlNode::Kind::Scalar && item->text == "*");
      if (is_any) continue;
      if (const auto status = values_.number(*item, "exit_status", -1, 255)) {
        statuses.push_back(*status);
      }
    }
    if (is_any) statuses.clear();
    return statuses;
  }

  /// Empty when "*" is among them: no condition.
  std::vector<std::string> read_words(const YamlNode& value, std::string_view what) {
    auto words = values_.texts(value, what);
    if (std::ranges::find(words, "*") != words.end()) words.clear();
    return words;
  }

  void check_reasons(const std::vector<std::string>& reasons, model::SourcePosition at) {
    for (const std::string& reason : reasons) {
      if (std::ranges::find(kSignalReasons, reason) != kSignalReasons.end()) continue;
      const std::string_view near = nearest_word(reason, kSignalReasons);
      const std::string advice = near.empty() ? "use one of cancel, agent_stop, process_run_error"
                                              : "did you mean \"" + std::string(near) + "\"?";
      fault(at, "\"" + reason + "\" is no signal_reason; " + advice);
    }
  }

  void read_manual(const YamlNode& value) {
    if (value.kind != YamlNode::Kind::Mapping) {
      policy_.manual_allowed = values_.boolish(value, "manual");
      return;
    }
    for (const YamlEntry& entry : value.entries) {
      if (entry.key == "allowed") {
        policy_.manual_allowed = values_.boolish(*entry.value, "allowed");
      } else if (entry.key == "permit_on_passed") {
        policy_.permit_on_passed = values_.boolish(*entry.value, "permit_on_passed");
      } else if (entry.key == "reason") {
        policy_.reason = values_.text(*entry.value, "reason");
      } else {
        complain_of_key(entry, "manual", kManualKeys);
      }
    }
  }

  ValueReader& values_;
  model::RetryPolicy policy_;
};

}  // namespace

model::RetryPolicy read_retry(ValueReader& values, const YamlNode& value) {
  return RetryReader(values).read(value);
}

}  // namespace ostler::pipeline
