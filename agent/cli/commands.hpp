// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

/// The commands of a person, one file each: `cli/<command>.cpp` defines `run_<command>`, one line
/// of the table in `commands.cpp` names it. Those of a job are in `job_commands.cpp`.
namespace ostler::cli {

/// The commands that only ostler-host has, in the order of `ostler help`.
std::span<const Command> commands();

/// Runs the command that `words` (the program's arguments) name and returns its exit status;
/// refuses words that name none.
int run_command(const Arguments& words);

}  // namespace ostler::cli
