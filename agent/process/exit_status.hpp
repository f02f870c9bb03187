// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>

namespace ostler::process {

struct Exited {
  int code = 0;
  friend bool operator==(const Exited&, const Exited&) = default;
};
struct Signalled {
  int signal = 0;
  bool core_dumped = false;
  friend bool operator==(const Signalled&, const Signalled&) = default;
};
/// How a process ended.
using ExitStatus = std::variant<Exited, Signalled>;

/// From the status of wait(2).
ExitStatus exit_status_of_wait(int status);
/// For people: "exit status 3", "signal 11 (SIGSEGV), core dumped".
std::string describe(const ExitStatus& status);

}  // namespace ostler::process
