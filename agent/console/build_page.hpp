// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "console/log_marks.hpp"
#include "console/table.hpp"
#include "wire/rest_answers.hpp"

// Builds as they are now, for people.
namespace ostler::console {

/// "pipeline/42"
std::string build_name(const wire::RestBuildAnswer& build);

/// The same for a table: the number stays when it is shortened.
Cell build_cell(const wire::RestBuildAnswer& build);

/// One line for each build.
void print_builds(const std::vector<wire::RestBuildAnswer>& builds, Timestamp now,
                  Terminal& terminal);

/// What step plugins say of the failures of jobs, by the job's id.
using FailureWords = std::map<std::string, std::string>;

/// A build's state, who made it and of what, and a line for each of its jobs, with the attempts
/// that were before it.
void print_build(const wire::RestBuildAnswer& build, Timestamp now, Terminal& terminal,
                 const FailureWords& words = {});

/// The job of a failed build that failed first; null when none did.
const wire::RestJobAnswer* first_failure(const wire::RestBuildAnswer& build);

/// What is shown of the log of a job that failed.
struct FailureLog {
  LoggedFailure logged;
  std::vector<std::string> last_lines;      ///< plain
  std::vector<std::string> failed_tests{};  ///< "3 of 214 failed: a, b, c", of each report of tests
  std::string step{};  ///< "zoo#1.0.0 error (refused): why": the step plugin that failed; or empty
  std::string unread{};  ///< why the log could not be read; empty: it was
};
/// What a person may type, and what for: "the whole log: ostler job log app/42".
struct NextCommand {
  std::string_view what_for;
  std::string line;
};
/// Why a job failed: its reason, phase, command, agent, tests, the last lines of its log, and what
/// to type next.
void print_failure(const wire::RestJobAnswer& job, const FailureLog& log,
                   const std::vector<NextCommand>& next, Terminal& terminal);

}  // namespace ostler::console
