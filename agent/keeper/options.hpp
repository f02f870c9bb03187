// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>

#include "base/result.hpp"

namespace ostler::keeper {

/// The command line of a keeper.
struct Options {
  std::filesystem::path job_directory;  ///< --job-dir
  std::filesystem::path socket;         ///< --socket: where agents connect
  std::uint64_t epoch = 0;              ///< --epoch of the agent that starts it
  std::filesystem::path groups;         ///< --groups: where its control group is made; empty: none
  /// --disk-patience-ms: how long output waits for space on a full disk.
  std::chrono::milliseconds disk_patience = std::chrono::minutes(5);
};

/// Errors: UserFault naming the argument.
Result<Options> parse_options(std::span<char* const> arguments);

}  // namespace ostler::keeper
