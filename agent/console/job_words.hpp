// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "console/table.hpp"
#include "wire/rest_answers.hpp"

// What people are told of builds and jobs.
namespace ostler::console {

/// What a job is called for people: its label, else its key, else the first line of its command or
/// what it asks a person; and what tells it from others of its build that are called so.
std::string job_title(const wire::RestJobAnswer& job);

/// The same for a table, behind `inset`: what tells it from others stays when it is shortened.
Cell job_title_cell(const wire::RestJobAnswer& job, std::string_view inset = "");

/// The title of the job with that id; `otherwise` when the build has none.
std::string job_title_in(const wire::RestBuildAnswer& build, std::string_view id,
                         std::string_view otherwise);

/// The build that a trigger has made, as commands take it: "app/42"; empty: none.
std::string triggered_name(const wire::RestJobAnswer& job);

/// How a job ended, beyond its state: "exit status 2", "killed by SIGKILL", or will by its own
/// promise; empty when there is no more to say.
std::string job_reason(const wire::RestJobAnswer& job);

/// "passed", "did not run" and so on, in their colours.
Cell job_verdict(const wire::RestJobAnswer& job);
/// The same without a word of later attempts.
Cell attempt_verdict(const wire::RestJobAnswer& job);

bool has_failed(const wire::RestJobAnswer& job);

/// Whether a job that failed has a log, be it empty: a trigger has none, nor one that expired.
bool has_log(const wire::RestJobAnswer& job);

/// Whether something else than its own work ended a job that failed: its timeout, its agent, the
/// machine.
bool was_ended(const wire::RestJobAnswer& job);

/// Whether the end of its log is where that happened. Out of memory is one process of a job, which
/// goes on with its artifacts.
bool ended_at_last_line(const wire::RestJobAnswer& job);

/// Whether a job failed of what its agent or machine met with, so that it may pass as it is. One
/// that took too long takes as long again.
bool may_pass_again(const wire::RestJobAnswer& job);

/// How long a job took, or has run at `now`; empty when it has not begun.
std::string job_time(const wire::RestJobAnswer& job, Timestamp now);
std::string build_time(const wire::RestBuildAnswer& build, Timestamp now);

/// A build's state in its colour.
Cell build_verdict(const wire::RestBuildAnswer& build);

}  // namespace ostler::console
