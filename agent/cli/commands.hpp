// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The commands of a person, one file each: `cli/<command>.cpp` defines `run_<command>`, one line
/// of the table in `commands.cpp` names it.
namespace ostler::cli {

/// The words after the command's name.
using Arguments = std::vector<std::string>;

/// What a command returns, unless the reference says otherwise for that command.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitRefused = 2;  ///< wrong usage or wrong input: nothing was done

struct Command {
  std::string_view name;     ///< one word or two: "run", "artifact upload"
  std::string_view summary;  ///< its line in `ostler help`; empty: not listed
  int (*run)(const Arguments& arguments);
};

/// Every command of this program, in the order of `ostler help`.
std::span<const Command> commands();

/// The command that the first words of `words` name, the longer name first; null if none does.
const Command* find_command(std::span<const std::string> words);

/// Runs the command that `words` (the program's arguments) name and returns its exit status;
/// refuses words that name none.
int run_command(const Arguments& words);

}  // namespace ostler::cli
