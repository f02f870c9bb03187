// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/child_program.hpp"
#include "support/running_hub.hpp"

namespace ostler::support {

/// The built `ostler hub` on a free port of loopback, with a data directory that outlives kills.
class HubProcess : public RunningHub {
 public:
  /// Starts it and waits until it listens. Ends the test program when it does not.
  explicit HubProcess(const std::filesystem::path& directory,
                      std::vector<std::string> more_flags = {});

  void kill() { program_->kill(); }
  /// Starts it again on the same data and the same port, with these flags from now on.
  void start_again(const std::vector<std::string>& more_flags = {});
  ChildProgram& program() { return *program_; }

 private:
  void start(const std::string& listen);

  std::filesystem::path directory_;
  std::vector<std::string> more_flags_;
  std::optional<ChildProgram> program_;
};

}  // namespace ostler::support
