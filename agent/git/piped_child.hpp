// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "process/spawn.hpp"

namespace ostler::git {

/// A program that talks with us over its standard input, output and error. It has no terminal that
/// it could ask for a password, and dies with this thread.
struct PipedChild {
  process::Child child;
  UniqueFd to;      ///< its standard input; this and the others do not block
  UniqueFd from;    ///< its standard output
  UniqueFd errors;  ///< its standard error
};

/// Starts it. `environment`: "NAME=value" each; none: that of this process.
/// Errors: NotFound, Denied and others. Requires: SIGPIPE is ignored.
Result<PipedChild> spawn_piped(const std::string& executable,
                               const std::vector<std::string>& arguments,
                               std::optional<std::vector<std::string>> environment = {});

/// Whether a read or write that failed with `number` is to be repeated after waiting.
bool is_worth_waiting(int number);

}  // namespace ostler::git
