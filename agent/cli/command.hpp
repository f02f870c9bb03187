// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agent_client/transport.hpp"

namespace ostler::cli {

/// The words after the command's name.
using Arguments = std::vector<std::string>;

/// What a command returns, unless the reference says otherwise for that command.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitRefused = 2;  ///< wrong usage or wrong input: nothing was done

/// A command that finds by itself what it needs.
using RunAlone = int (*)(const Arguments& arguments);
/// A command that calls the Agent API: it is given the job's socket or, without one, HTTP.
using RunWithServer = int (*)(const Arguments& arguments, agent_client::Transport& transport);

struct Command {
  std::string_view name;     ///< one word or two: "run", "artifact upload"
  std::string_view summary;  ///< its line in `ostler help`; empty: not listed
  std::variant<RunAlone, RunWithServer> run;
};

/// The command of `table` that the first words of `words` name, the longer name first; null if none
/// does.
const Command* find_command(std::span<const Command> table, std::span<const std::string> words);

/// The words after those that name `command`.
Arguments words_after(const Command& command, const Arguments& words);

}  // namespace ostler::cli
