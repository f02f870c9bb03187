// SPDX-License-Identifier: Apache-2.0
#include "pipeline/condition_shell.hpp"

#include <utility>

#include "pipeline/condition_names.hpp"
#include "pipeline/interpolate.hpp"

namespace ostler::pipeline {
namespace {

constexpr int kDeepestShell = 32;

bool is_shell_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_shell_name_byte(char c) { return is_shell_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

/// How long the name is that the text begins with; 0: none.
std::size_t name_length(std::string_view text) {
  if (text.empty() || !is_shell_letter(text[0])) return 0;
  std::size_t length = 1;
  while (length < text.size() && is_shell_name_byte(text[length])) ++length;
  return length;
}

/// Two bytes that begin neither a variable nor the end of one.
bool begins_with_pair(std::string_view text) {
  return text.starts_with("\\\\") || text.starts_with("\\$") || text.starts_with("$$") ||
         text.starts_with("$(");
}

std::optional<std::string> fault_in_shell(std::string_view shell, int depth) {
  constexpr std::size_t kShown = 40;
  const std::string quoted = "\"" + std::string(shell.substr(0, kShown)) + "\"";
  if (depth > kDeepestShell) return "variables are more than 32 deep; use fewer";
  const ShellVariable variable = split_shell_variable(shell);
  if (variable.name.empty()) return quoted + " needs a name that starts with a letter";
  if (!may_ask_environment(variable.name)) {
    return "a condition cannot ask for " + std::string(variable.name) + ", which no build has";
  }
  if (variable.operation.empty() && !variable.operand.empty()) {
    return quoted + " has an unknown operator; use one of :- - :? ? :+ :";
  }
  if (variable.operation == ":") {
    const auto cut = interpolate(shell, {});
    return cut ? std::nullopt : std::optional(cut.error().message());
  }
  for (const ConditionTextPart& part : split_shell_operand(variable.operand)) {
    if (!part.is_variable) continue;
    if (auto fault = fault_in_shell(part.text, depth + 1)) return fault;
  }
  return std::nullopt;
}

}  // namespace

std::size_t shell_variable_length(std::string_view text) {
  if (!text.starts_with('$')) return 0;
  if (const std::size_t length = name_length(text.substr(1)); length > 0) return length + 1;
  if (!text.starts_with("${")) return 0;
  int depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const bool is_opening = rest.starts_with("${");
    if (rest[0] == '}' && --depth == 0) return at + 1;
    depth += int{is_opening};
    at += is_opening || begins_with_pair(rest) ? 2 : 1;
  }
  return 0;
}

ShellVariable split_shell_variable(std::string_view shell) {
  if (!shell.starts_with("${")) return {shell.substr(1), {}, {}};
  const std::string_view inner = shell.substr(2, shell.size() - 3);
  ShellVariable variable{
      .name = inner.substr(0, name_length(inner)), .operation = {}, .operand = {}};
  const std::string_view rest = inner.substr(variable.name.size());
  for (const std::string_view operation : {":-", ":?", ":+", ":", "-", "?"}) {
    if (variable.operation.empty() && rest.starts_with(operation)) {
      variable.operation = rest.substr(0, operation.size());
    }
  }
  variable.operand = rest.substr(variable.operation.size());
  return variable;
}

std::vector<ConditionTextPart> split_shell_operand(std::string_view operand) {
  std::vector<ConditionTextPart> parts;
  std::string plain;
  while (!operand.empty()) {
    std::size_t length = begins_with_pair(operand) ? 2 : 1;
    const bool is_dollar = operand.starts_with("$$") || operand.starts_with("\\$");
    const std::size_t variable = length == 1 ? shell_variable_length(operand) : 0;
    if (variable > 0) {
      parts.push_back({false, std::exchange(plain, {})});
      parts.push_back({true, std::string(operand.substr(0, variable))});
      length = variable;
    } else {
      plain += is_dollar ? "$" : operand.substr(0, length);
    }
    operand.remove_prefix(length);
  }
  parts.push_back({false, std::move(plain)});
  return parts;
}

std::optional<std::string> fault_in_shell_variable(std::string_view shell) {
  return fault_in_shell(shell, 0);
}

}  // namespace ostler::pipeline
