// SPDX-License-Identifier: Apache-2.0
#include "pipeline/condition.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "model/job_environment.hpp"
#include "pipeline/condition_check.hpp"
#include "pipeline/condition_names.hpp"
#include "pipeline/condition_regex.hpp"
#include "pipeline/condition_shell.hpp"

namespace ostler::pipeline {
namespace {

using Texts = std::vector<std::string>;

/// Of all texts that one condition works with.
constexpr std::size_t kMostText = 1u << 20;

bool is_true(const ConditionValue& value) {
  const bool* truth = std::get_if<bool>(&value);
  return truth != nullptr && *truth;
}

VariableTable environment_of(const BuildFacts& facts) {
  model::JobSurroundings surroundings;
  surroundings.organization = facts.organization;
  surroundings.pipeline = facts.pipeline;
  surroundings.build = facts.build;
  VariableTable table;
  for (const auto& [name, value] : facts.env) table[name] = value;
  for (const auto& [name, value] : model::render_job_environment(surroundings)) {
    if (name.starts_with("BUILDKITE_")) table[name] = value;
  }
  return table;
}

/// Works the value of a condition out. Its types have been checked.
class ConditionEvaluator {
 public:
  ConditionEvaluator(const BuildFacts& facts, const VariableTable& environment,
                     std::int64_t& work_left)
      : facts_(facts), environment_(environment), work_left_(work_left) {}

  Result<ConditionValue> value_of(const ConditionNode& node) {
    OSTLER_TRY(auto value, unbounded_value_of(node));
    const bool is_new = node.children.empty() || node.kind == ConditionKind::Call;
    if (is_new) {
      OSTLER_TRY(take_text(size_of(value)));
    }
    return value;
  }

 private:
  static std::size_t size_of(const ConditionValue& value) {
    if (const std::string* text = std::get_if<std::string>(&value)) return text->size();
    std::size_t size = 0;
    if (const Texts* list = std::get_if<Texts>(&value)) {
      for (const std::string& text : *list) size += text.size();
    }
    return size;
  }

  Result<void> take_text(std::size_t bytes) {
    OSTLER_TRY(require_room(bytes));
    text_left_ -= bytes;
    return success();
  }

  Result<void> require_room(std::size_t bytes) const {
    if (bytes <= text_left_) return success();
    return Error(Errc::UserFault,
                 "it works with more than 1 MiB of text; shorten the variables that it uses");
  }

  Result<ConditionValue> unbounded_value_of(const ConditionNode& node) {
    switch (node.kind) {
      case ConditionKind::Null:
      case ConditionKind::Regex: return ConditionValue();
      case ConditionKind::Boolean: return ConditionValue(node.number != 0);
      case ConditionKind::Integer: return ConditionValue(node.number);
      case ConditionKind::Text: return text_of(node);
      case ConditionKind::Shell: return shell_value(node);
      case ConditionKind::Name: {
        // Null for those that only notifications may name.
        const ConditionName* name = find_condition_name(node.text);
        return name == nullptr ? ConditionValue() : name->value(facts_);
      }
      case ConditionKind::List: return list_of(node);
      case ConditionKind::Call: return call(node);
      case ConditionKind::Not: return negated(node);
      case ConditionKind::And:
      case ConditionKind::Or: return joined_by(node);
      case ConditionKind::Equal:
      case ConditionKind::Unequal: return compared(node);
      case ConditionKind::Match:
      case ConditionKind::Mismatch: return matched(node);
      case ConditionKind::Includes: return included(node);
      case ConditionKind::Choice: return chosen_side(node);
    }
    return ConditionValue();
  }

  Result<ConditionValue> text_of(const ConditionNode& node) {
    OSTLER_TRY(auto text, joined(node.parts));
    return ConditionValue(std::move(text));
  }

  Result<ConditionValue> shell_value(const ConditionNode& node) {
    OSTLER_TRY(auto text, expanded(node.text));
    return ConditionValue(std::move(text));
  }

  Result<std::string> joined(const std::vector<ConditionTextPart>& parts) const {
    std::string text;
    for (const ConditionTextPart& part : parts) {
      OSTLER_TRY(const auto piece, part.is_variable ? expanded(part.text) : part.text);
      OSTLER_TRY(require_room(text.size() + piece.size()));
      text += piece;
    }
    return text;
  }

  Result<std::string> operand_of(const ShellVariable& variable) const {
    return joined(split_shell_operand(variable.operand));
  }

  Result<std::string> expanded(std::string_view shell) const {
    const ShellVariable variable = split_shell_variable(shell);
    const std::string_view operation = variable.operation;
    if (operation == ":") return interpolate(shell, environment_);
    const auto found = environment_.find(variable.name);
    const bool is_set = found != environment_.end();
    const bool wants_text = operation.starts_with(':');
    const bool counts = is_set && !(wants_text && found->second.empty());
    if (operation == ":+") return counts ? operand_of(variable) : std::string();
    if (counts) return found->second;
    if (operation.ends_with('-')) return operand_of(variable);
    if (!operation.ends_with('?')) return std::string();
    OSTLER_TRY(const auto message, operand_of(variable));
    return Error(Errc::UserFault,
                 "$" + std::string(variable.name) + ": " + (message.empty() ? "not set" : message));
  }

  static Result<void> check_may_ask(const std::string& name) {
    if (may_ask_environment(name)) return success();
    return Error(Errc::UserFault, "a condition cannot ask for " + name + ", which no build has");
  }

  Result<ConditionValue> list_of(const ConditionNode& node) {
    Texts texts;
    for (const ConditionNode& item : node.children) {
      OSTLER_TRY(auto value, value_of(item));
      const std::string* text = std::get_if<std::string>(&value);
      texts.push_back(text ? std::move(*text) : std::string());
    }
    return ConditionValue(std::move(texts));
  }

  Result<ConditionValue> call(const ConditionNode& node) {
    OSTLER_TRY(const auto value, value_of(node.children[0]));
    const std::string* name = std::get_if<std::string>(&value);
    if (name == nullptr) return ConditionValue();
    OSTLER_TRY(check_may_ask(*name));
    const auto found = environment_.find(*name);
    if (found != environment_.end()) return ConditionValue(found->second);
    return node.text == "env" ? ConditionValue(std::string()) : ConditionValue();
  }

  Result<ConditionValue> negated(const ConditionNode& node) {
    OSTLER_TRY(const auto value, value_of(node.children[0]));
    return ConditionValue(!is_true(value));
  }

  /// The first operand that decides.
  Result<ConditionValue> joined_by(const ConditionNode& node) {
    const bool decisive = node.kind == ConditionKind::Or;
    for (const ConditionNode& operand : node.children) {
      OSTLER_TRY(const auto value, value_of(operand));
      if (is_true(value) == decisive) return ConditionValue(decisive);
    }
    return ConditionValue(!decisive);
  }

  Result<ConditionValue> compared(const ConditionNode& node) {
    OSTLER_TRY(const auto left, value_of(node.children[0]));
    OSTLER_TRY(const auto right, value_of(node.children[1]));
    return ConditionValue((left == right) == (node.kind == ConditionKind::Equal));
  }

  Result<ConditionValue> matched(const ConditionNode& node) {
    OSTLER_TRY(const auto left, value_of(node.children[0]));
    const std::string* text = std::get_if<std::string>(&left);
    bool found = false;
    if (text != nullptr) {
      OSTLER_TRY(found, matches(*text, *node.children[1].regex, work_left_));
    }
    return ConditionValue(found == (node.kind == ConditionKind::Match));
  }

  /// A text counts as a list of itself.
  Result<ConditionValue> included(const ConditionNode& node) {
    OSTLER_TRY(const auto left, value_of(node.children[0]));
    OSTLER_TRY(const auto right, value_of(node.children[1]));
    Texts texts;
    if (const Texts* list = std::get_if<Texts>(&left)) texts = *list;
    if (const std::string* text = std::get_if<std::string>(&left)) texts = {*text};
    if (node.children[1].kind == ConditionKind::Regex) return matched_one_of(texts, node);
    const std::string* wanted = std::get_if<std::string>(&right);
    return ConditionValue(wanted != nullptr && std::ranges::find(texts, *wanted) != texts.end());
  }

  Result<ConditionValue> matched_one_of(const Texts& texts, const ConditionNode& node) {
    for (const std::string& text : texts) {
      OSTLER_TRY(const auto found, matches(text, *node.children[1].regex, work_left_));
      if (found) return ConditionValue(true);
    }
    return ConditionValue(false);
  }

  Result<ConditionValue> chosen_side(const ConditionNode& node) {
    OSTLER_TRY(const auto value, value_of(node.children[0]));
    return value_of(node.children[is_true(value) ? 1 : 2]);
  }

  const BuildFacts& facts_;
  const VariableTable& environment_;
  std::int64_t& work_left_;
  std::size_t text_left_ = kMostText;
};

}  // namespace

BuildConditions::BuildConditions(const BuildFacts& facts)
    : BuildConditions(facts, ConditionPlace::Step, own_work_) {}

BuildConditions::BuildConditions(const BuildFacts& facts, ConditionPlace place, ConditionWork& work)
    : facts_(facts), place_(place), environment_(environment_of(facts)), work_(work) {}

Result<bool> BuildConditions::hold(std::string_view text) {
  if (const auto known = answers_.find(text); known != answers_.end()) return known->second;
  OSTLER_TRY(const auto answered, answer(text));
  answers_.emplace(text, answered);
  return answered;
}

Result<bool> BuildConditions::answer(std::string_view text) {
  ConditionNode root;
  if (auto fault = read_checked_condition(text, place_, work_.reading, root)) {
    return Error(Errc::UserFault, std::move(fault->text));
  }
  ConditionEvaluator evaluator(facts_, environment_, work_.matching);
  OSTLER_TRY(const auto value, evaluator.value_of(root));
  return is_true(value);
}

}  // namespace ostler::pipeline
