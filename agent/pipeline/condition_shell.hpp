// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/condition_tree.hpp"

// Shell variables in conditions: as in interpolation, and ":?" and ":+" besides.
// Source: reference/pipeline-yaml.md 21.1.
namespace ostler::pipeline {

/// "$NAME" or "${NAME<operation><operand>}", taken apart.
struct ShellVariable {
  std::string_view name;
  std::string_view operation;  ///< one of :- :? :+ : - ? or nothing
  std::string_view operand;
};

/// How long the variable is that the text begins with; 0: it begins with none.
std::size_t shell_variable_length(std::string_view text);

/// Takes apart what is a shell variable by its length.
ShellVariable split_shell_variable(std::string_view shell);

/// An operand in pieces. Dollar signs that are written `$$` or `\$` are plain text.
std::vector<ConditionTextPart> split_shell_operand(std::string_view operand);

/// What is wrong with a shell variable whatever the build, and with those in its operand.
std::optional<std::string> fault_in_shell_variable(std::string_view shell);

}  // namespace ostler::pipeline
