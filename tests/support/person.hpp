// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/child_program.hpp"
#include "support/running_hub.hpp"

namespace ostler::support {

/// Who types commands for a hub, with its API token, in a directory that is also their home.
class Person {
 public:
  Person(const RunningHub& hub, std::filesystem::path directory)
      : hub_(hub), directory_(std::move(directory)) {}

  /// `ostler` with these words.
  ProgramResult ostler(std::vector<std::string> words) const;
  /// What a command that must succeed prints.
  std::string said(std::vector<std::string> words) const;
  /// The same through a shell: `command` finds `ostler` in its PATH.
  ProgramResult shell(const std::string& command) const;
  const std::filesystem::path& directory() const { return directory_; }

 private:
  ProgramOptions options() const;

  const RunningHub& hub_;
  std::filesystem::path directory_;
};

}  // namespace ostler::support
