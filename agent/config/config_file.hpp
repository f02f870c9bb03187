// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ostler::config {

/// One line `key=value` of a configuration file.
struct FileSetting {
  std::string key;
  std::string value;
  int line = 0;
};

/// Reads a configuration file's text. Source: job-lifecycle 7.2.
/// Errors: UserFault, naming the line.
Result<std::vector<FileSetting>> parse_config_file(std::string_view text);

/// The first configuration file that exists where one may lie; empty: there is none.
std::filesystem::path find_config_file(const std::filesystem::path& program_directory);

}  // namespace ostler::config
