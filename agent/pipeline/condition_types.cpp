// SPDX-License-Identifier: Apache-2.0
#include "pipeline/condition_types.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/nearest_word.hpp"
#include "pipeline/condition_names.hpp"
#include "pipeline/condition_shell.hpp"

namespace ostler::pipeline {
namespace {

struct TypeOfNode {
  ConditionType type = ConditionType::Null;
  std::span<const std::string_view> values{};  ///< of an enumeration
};

std::string type_name(ConditionType type) {
  switch (type) {
    case ConditionType::Null: return "null";
    case ConditionType::Boolean: return "true or false";
    case ConditionType::Integer: return "a number";
    case ConditionType::Text: return "a text";
    case ConditionType::Enumeration: return "one of some words";
    case ConditionType::List: return "a list";
    case ConditionType::Regex: return "a regex";
  }
  return "a value";
}

std::string words_text(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

class ConditionTypes {
 public:
  explicit ConditionTypes(ConditionPlace place) : place_(place) {}

  std::optional<ConditionFault> run(const ConditionNode& root) {
    const ConditionType type = check(root).type;
    if (type != ConditionType::Boolean && type != ConditionType::Null) {
      fail(root, "the condition is " + type_name(type) +
                     ", not true or false; compare it with something");
    }
    return std::move(fault_);
  }

 private:
  TypeOfNode fail(const ConditionNode& node, std::string text) {
    if (!fault_) fault_ = ConditionFault{node.at, std::move(text)};
    return {};
  }

  TypeOfNode check(const ConditionNode& node) {
    switch (node.kind) {
      case ConditionKind::Null: return {};
      case ConditionKind::Boolean: return {ConditionType::Boolean};
      case ConditionKind::Integer: return {ConditionType::Integer};
      case ConditionKind::Text: return check_text(node);
      case ConditionKind::Shell: return check_shell(node, node.text);
      case ConditionKind::Regex: return {ConditionType::Regex};
      case ConditionKind::Name: return check_name(node);
      case ConditionKind::List: return check_list(node);
      case ConditionKind::Call: return check_call(node);
      case ConditionKind::Not:
      case ConditionKind::And:
      case ConditionKind::Or: return check_logic(node);
      case ConditionKind::Equal:
      case ConditionKind::Unequal: return check_equality(node);
      case ConditionKind::Match:
      case ConditionKind::Mismatch: return check_match(node);
      case ConditionKind::Includes: return check_includes(node);
      case ConditionKind::Choice: return check_choice(node);
    }
    return {};
  }

  TypeOfNode check_text(const ConditionNode& node) {
    for (const ConditionTextPart& part : node.parts) {
      if (part.is_variable) check_shell(node, part.text);
    }
    return {ConditionType::Text};
  }

  TypeOfNode check_shell(const ConditionNode& node, std::string_view shell) {
    if (auto text = fault_in_shell_variable(shell)) fail(node, std::move(*text));
    return {ConditionType::Text};
  }

  TypeOfNode check_name(const ConditionNode& node) {
    if (const ConditionName* name = find_condition_name(node.text)) {
      return {name->type, name->values};
    }
    const auto notified = notification_names();
    const auto found = std::ranges::find(notified, node.text, &ConditionName::name);
    if (found != notified.end() && place_ == ConditionPlace::Notification) {
      return {found->type, found->values};
    }
    if (found != notified.end()) {
      return fail(node, "\"" + node.text + "\" is known in conditions of notifications only");
    }
    std::vector<std::string_view> names;
    for (const ConditionName& known : condition_names()) names.push_back(known.name);
    const std::string_view near = nearest_word(node.text, names);
    std::string text = "there is no \"" + node.text + "\"; ";
    if (near.empty()) {
      return fail(node, text + "a variable of the environment is build.env(\"NAME\")");
    }
    return fail(node, text.append("did you mean \"").append(near).append("\"?"));
  }

  TypeOfNode check_list(const ConditionNode& node) {
    for (const ConditionNode& item : node.children) {
      const ConditionType type = check(item).type;
      if (type != ConditionType::Text) {
        fail(item, "a list holds texts, not " + type_name(type) + "; put it in quotes");
      }
    }
    return {ConditionType::List};
  }

  TypeOfNode check_call(const ConditionNode& node) {
    if (node.text != "build.env" && node.text != "env") {
      return fail(node, "there is no function \"" + node.text + "\"; there are build.env and env");
    }
    if (node.children.size() != 1 || check(node.children[0]).type != ConditionType::Text) {
      return fail(node, node.text + " takes the name of a variable, in quotes");
    }
    const auto variable = literal_text(node.children[0]);
    if (variable && !may_ask_environment(*variable)) {
      return fail(node.children[0],
                  "a condition cannot ask for " + *variable + ", which no build has");
    }
    return {ConditionType::Text};
  }

  void require_boolean(const ConditionNode& node) {
    const ConditionType type = check(node).type;
    if (type == ConditionType::Boolean) return;
    fail(node, "this is " + type_name(type) + ", not true or false; compare it with something");
  }

  TypeOfNode check_logic(const ConditionNode& node) {
    for (const ConditionNode& operand : node.children) require_boolean(operand);
    return {ConditionType::Boolean};
  }

  TypeOfNode check_equality(const ConditionNode& node) {
    const ConditionNode& left_node = node.children[0];
    const ConditionNode& right_node = node.children[1];
    const TypeOfNode left = check(left_node);
    const TypeOfNode right = check(right_node);
    const bool has_null = left.type == ConditionType::Null || right.type == ConditionType::Null;
    if (!has_null && left.type == ConditionType::Enumeration) check_word(left, right_node, right);
    if (!has_null && right.type == ConditionType::Enumeration && literal_text(left_node)) {
      fail(left_node, "write the variable on the left and the text on the right");
    }
    const bool is_alike =
        has_null || is_textual(left) ? has_null || is_textual(right) : left.type == right.type;
    if (!is_alike || left.type == ConditionType::Regex) {
      fail(node, type_name(left.type) + " cannot be compared with " + type_name(right.type));
    }
    return {ConditionType::Boolean};
  }

  static bool is_textual(const TypeOfNode& type) {
    return type.type == ConditionType::Text || type.type == ConditionType::Enumeration;
  }

  void check_word(const TypeOfNode& words, const ConditionNode& node, const TypeOfNode& type) {
    const auto word = literal_text(node);
    if (type.type != ConditionType::Text || !word) return;
    if (std::ranges::find(words.values, *word) != words.values.end()) return;
    fail(node, "it is never \"" + *word + "\"; it is one of " + words_text(words.values));
  }

  TypeOfNode check_match(const ConditionNode& node) {
    const ConditionType left = check(node.children[0]).type;
    const ConditionType right = check(node.children[1]).type;
    if (left == ConditionType::Enumeration) {
      fail(node.children[0], "this is one of some words and takes no regex; use == or !=");
    }
    if (left != ConditionType::Text && left != ConditionType::Null) {
      fail(node.children[0], "a regex matches texts, and this is " + type_name(left));
    }
    if (right != ConditionType::Regex) {
      fail(node.children[1], "a regex is missing here; write it between slashes: /^v[0-9]/");
    }
    return {ConditionType::Boolean};
  }

  TypeOfNode check_includes(const ConditionNode& node) {
    const ConditionType left = check(node.children[0]).type;
    const ConditionType right = check(node.children[1]).type;
    if (left != ConditionType::List && left != ConditionType::Text && left != ConditionType::Null) {
      fail(node.children[0], "includes looks into lists, and this is " + type_name(left));
    }
    if (right != ConditionType::Text && right != ConditionType::Regex &&
        right != ConditionType::Null) {
      fail(node.children[1],
           "includes looks for a text or a regex, and this is " + type_name(right));
    }
    return {ConditionType::Boolean};
  }

  TypeOfNode check_choice(const ConditionNode& node) {
    require_boolean(node.children[0]);
    const TypeOfNode yes = check(node.children[1]);
    const TypeOfNode no = check(node.children[2]);
    if (yes.type == ConditionType::Null) return no;
    if (no.type == ConditionType::Null || yes.type == no.type) return yes;
    if (is_textual(yes) && is_textual(no)) return {ConditionType::Text};
    return fail(node, "the two sides of ? : must be alike, and they are " + type_name(yes.type) +
                          " and " + type_name(no.type));
  }

  ConditionPlace place_;
  std::optional<ConditionFault> fault_;
};

}  // namespace

std::optional<ConditionFault> fault_in_types(const ConditionNode& root, ConditionPlace place) {
  return ConditionTypes(place).run(root);
}

}  // namespace ostler::pipeline
