// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hpp"

#include <algorithm>

namespace ostler::cli {
namespace {

const Command* command_named(std::span<const Command> table, std::string_view name) {
  const auto found =
      std::ranges::find_if(table, [&](const Command& command) { return command.name == name; });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace

const Command* find_command(std::span<const Command> table, std::span<const std::string> words) {
  if (words.empty()) return nullptr;
  if (words.size() >= 2) {
    if (const Command* command = command_named(table, words[0] + " " + words[1])) return command;
  }
  return command_named(table, words[0]);
}

Arguments words_after(const Command& command, const Arguments& words) {
  const std::size_t name = command.name.find(' ') == command.name.npos ? 1 : 2;
  const std::size_t used = std::min(words.size(), name);
  return {words.begin() + static_cast<std::ptrdiff_t>(used), words.end()};
}

}  // namespace ostler::cli
