// SPDX-License-Identifier: Apache-2.0
#include "pipeline/condition.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "model/job_environment.hpp"
#include "pipeline/condition_names.hpp"
#include "pipeline/condition_parser.hpp"
#include "pipeline/interpolate.hpp"

namespace ostler::pipeline {
namespace {

using Texts = std::vector<std::string>;

bool is_true(const ConditionValue& value) {
  const bool* truth = std::get_if<bool>(&value);
  return truth != nullptr && *truth;
}

/// What a condition may ask for: what a job of the build would get.
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
  explicit ConditionEvaluator(const BuildFacts& facts) : facts_(facts) {}

  Result<ConditionValue> value_of(const ConditionNode& node) {
    switch (node.kind) {
      case ConditionKind::Null:
      case ConditionKind::Regex: return ConditionValue();
      case ConditionKind::Boolean: return ConditionValue(node.number != 0);
      case ConditionKind::Integer: return ConditionValue(node.number);
      case ConditionKind::Text: return text_of(node);
      case ConditionKind::Shell: return expanded(node.text);
      case ConditionKind::Name: return find_condition_name(node.text)->value(facts_);
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

 private:
  Result<ConditionValue> text_of(const ConditionNode& node) {
    std::string text;
    for (const ConditionTextPart& part : node.parts) {
      if (!part.is_variable) {
        text += part.text;
        continue;
      }
      OSTLER_TRY(const auto value, expanded(part.text));
      text += std::get<std::string>(value);
    }
    return ConditionValue(std::move(text));
  }

  /// Value of "$NAME" or "${...}". Besides what interpolation knows there are ":?" and ":+".
  Result<ConditionValue> expanded(std::string_view shell) {
    const std::string_view inner =
        shell[1] == '{' ? shell.substr(2, shell.size() - 3) : shell.substr(1);
    const std::string name(inner.substr(0, inner.find_first_of(":-?+")));
    OSTLER_TRY(check_may_ask(name));
    const std::string_view rest = inner.substr(name.size());
    const auto found = environment().find(name);
    const bool has_text = found != environment().end() && !found->second.empty();
    if (rest.starts_with(":+") && !has_text) return ConditionValue(std::string());
    if (rest.starts_with(":?") && !has_text) {
      return Error(Errc::UserFault, "$" + name + ": " + std::string(rest.substr(2)));
    }
    std::string text = rest.starts_with(":?") ? "${" + name + "}" : std::string(shell);
    if (rest.starts_with(":+")) text = rest.substr(2);
    OSTLER_TRY(auto value, interpolate(text, environment()));
    return ConditionValue(std::move(value));
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
    const auto found = environment().find(*name);
    if (found != environment().end()) return ConditionValue(found->second);
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

  static bool matches(const std::string& text, const ConditionNode& regex) {
    return re2::RE2::PartialMatch(text, *regex.regex);
  }

  Result<ConditionValue> matched(const ConditionNode& node) {
    OSTLER_TRY(const auto left, value_of(node.children[0]));
    const std::string* text = std::get_if<std::string>(&left);
    const bool found = text != nullptr && matches(*text, node.children[1]);
    return ConditionValue(found == (node.kind == ConditionKind::Match));
  }

  /// A text counts as a list of itself.
  Result<ConditionValue> included(const ConditionNode& node) {
    OSTLER_TRY(const auto left, value_of(node.children[0]));
    OSTLER_TRY(const auto right, value_of(node.children[1]));
    Texts texts;
    if (const Texts* list = std::get_if<Texts>(&left)) texts = *list;
    if (const std::string* text = std::get_if<std::string>(&left)) texts = {*text};
    const bool is_regex = node.children[1].kind == ConditionKind::Regex;
    const std::string* wanted = std::get_if<std::string>(&right);
    return ConditionValue(std::ranges::any_of(texts, [&](const std::string& text) {
      return is_regex ? matches(text, node.children[1]) : wanted != nullptr && *wanted == text;
    }));
  }

  Result<ConditionValue> chosen_side(const ConditionNode& node) {
    OSTLER_TRY(const auto value, value_of(node.children[0]));
    return value_of(node.children[is_true(value) ? 1 : 2]);
  }

  const VariableTable& environment() {
    if (!environment_) environment_ = environment_of(facts_);
    return *environment_;
  }

  const BuildFacts& facts_;
  std::optional<VariableTable> environment_;  ///< none: nothing has asked for it yet
};

std::optional<ConditionFault> read_checked(std::string_view text, ConditionPlace place,
                                           ConditionNode& root) {
  if (auto fault = read_condition(text, root)) return fault;
  return fault_in_types(root, place);
}

}  // namespace

std::optional<ConditionFault> fault_in_condition(std::string_view text, ConditionPlace place) {
  ConditionNode root;
  return read_checked(text, place, root);
}

Result<bool> holds(std::string_view text, const BuildFacts& facts) {
  ConditionNode root;
  if (const auto fault = read_checked(text, ConditionPlace::Step, root)) {
    return Error(Errc::UserFault, fault->text);
  }
  OSTLER_TRY(const auto value, ConditionEvaluator(facts).value_of(root));
  return is_true(value);
}

}  // namespace ostler::pipeline
