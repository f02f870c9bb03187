// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace ostler::support {

struct ListedCommand {
  std::string name;  ///< one word or two
  bool is_of_jobs;
};

inline bool is_heading_of_examples(std::string_view line) {
  return line == "Example:" || line == "Examples:" || line.starts_with("First steps");
}

/// The commands that the text of `ostler help` lists, in its order.
inline std::vector<ListedCommand> listed_commands(const std::string& help) {
  std::vector<ListedCommand> commands;
  bool is_of_jobs = false;
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("Inside a job")) is_of_jobs = true;
    if (is_heading_of_examples(line)) break;
    if (!line.starts_with("  ")) continue;
    commands.push_back({line.substr(2, line.find("  ", 2) - 2), is_of_jobs});
  }
  return commands;
}

/// The examples of a page of help: the indented lines below their heading, each without the remark
/// that three spaces or more set off.
inline std::vector<std::string> examples_of(const std::string& page) {
  std::vector<std::string> examples;
  bool is_inside = false;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    const bool begins = is_heading_of_examples(line);
    is_inside = begins || (is_inside && line.starts_with("  "));
    if (is_inside && !begins) examples.push_back(line.substr(2, line.find("   ", 2) - 2));
  }
  return examples;
}

}  // namespace ostler::support
