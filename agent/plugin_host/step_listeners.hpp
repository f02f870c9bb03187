// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::plugin_host {

/// The listening sockets of a step, on this machine alone: ostler.listener/1. The plugin itself
/// never has them; its commands and services do. Runs on: one thread.
class StepListeners {
 public:
  /// The answer to open (name, port or 0) or close (name).
  /// Errors: UserFault; Conflict when the name is open; NotFound; Unavailable beyond 8, and when
  /// the port is taken.
  Result<std::string> answer(const std::string& what, const std::vector<std::string>& arguments);

  /// A copy. Errors: NotFound.
  Result<UniqueFd> copy_of(const std::string& name) const;
  /// What a command of the step gets: those descriptors as 3, 4 and so on, with these variables
  /// beside LISTEN_PID.
  std::vector<int> descriptors() const;
  std::vector<std::string> variables() const;

 private:
  struct Open {
    UniqueFd socket;
    std::string address;
  };
  Result<std::string> open(const std::string& name, const std::string& port);

  std::map<std::string, Open> open_;
};

}  // namespace ostler::plugin_host
