// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/unique_fd.hpp"

namespace ostler::supervise {

/// Reads the log of a service from its begin, and what comes to it. What went to `log.1` before it
/// was begun is left out.
class LogFollower {
 public:
  LogFollower(const std::filesystem::path& root, const std::string& id);
  /// What has come since; at most 1 MiB.
  std::string read();

 private:
  bool is_replaced() const;

  std::filesystem::path path_;
  UniqueFd file_;
};

}  // namespace ostler::supervise
