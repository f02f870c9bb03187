// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace re2 {
class RE2;
}

// What a condition is made of. Source: reference/pipeline-yaml.md 21.
namespace ostler::pipeline {

/// What is wrong with a condition, at a byte of its text.
struct ConditionFault {
  std::size_t at = 0;
  std::string text;
};

enum class ConditionTokenKind : std::uint8_t {
  End,
  Name,
  Integer,
  Text,
  Shell,     ///< $NAME or ${...}
  Regex,     ///< text: the pattern; flags behind it
  Operator,  ///< text: itself
};

/// A piece of a text: as it is, or the expansion of a shell variable.
struct ConditionTextPart {
  bool is_variable = false;
  std::string text;
};

struct ConditionToken {
  ConditionTokenKind kind = ConditionTokenKind::End;
  std::size_t at = 0;
  std::string text{};
  std::vector<ConditionTextPart> parts{};  ///< of a text
  bool ignores_case = false;               ///< of a regex
};

enum class ConditionKind : std::uint8_t {
  Null,
  Boolean,
  Integer,
  Text,
  Shell,
  Name,
  Regex,
  List,
  Call,
  Not,
  Equal,
  Unequal,
  Match,
  Mismatch,
  Includes,
  And,
  Or,
  Choice,  ///< condition, if so, if not
};

struct ConditionNode {
  ConditionKind kind = ConditionKind::Null;
  std::size_t at = 0;
  std::string text{};                      ///< of a name, a call and a shell variable
  std::int64_t number = 0;                 ///< of an integer and a boolean
  std::vector<ConditionTextPart> parts{};  ///< of a text
  std::shared_ptr<const re2::RE2> regex{};
  std::vector<ConditionNode> children{};
};

/// None is null.
using ConditionValue =
    std::variant<std::monostate, bool, std::int64_t, std::string, std::vector<std::string>>;

/// The text of a literal that holds no variable; none for anything else.
std::optional<std::string> literal_text(const ConditionNode& node);

}  // namespace ostler::pipeline
