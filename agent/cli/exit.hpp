// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace ostler::cli {

/// Under which name this program was started: `program` is argv[0]. As `buildkite-agent` it speaks
/// and exits as that one does, which knows no exit status for wrong usage.
void speak_as(std::string_view program);
bool speaks_as_the_genuine_agent();

/// Writes a sentence to standard error, without what would steer a terminal: it may hold words of a
/// server.
void remark(std::string_view sentence);

/// Writes "ostler: <message>", as remark does, as one line to standard error and returns
/// kExitFailed.
int fail(std::string_view message);
/// The same for wrong usage or wrong input: returns kExitRefused.
int refuse(std::string_view message);
/// Writes the error and returns kExitRefused for a UserFault, else kExitFailed.
int fail(const Error& error);

/// What of standard output went past stdio, and was lost.
struct LostOutput {
  bool is_lost = false;
  int fault = 0;  ///< number of the error; 0: not known
};
/// `status`, unless the command did well and what it printed was lost, as on a full disk: then it
/// says so and returns kExitFailed. A pipe that nobody reads any more is no fault.
int status_with_output(int status, LostOutput lost = {});

}  // namespace ostler::cli
