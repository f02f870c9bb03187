// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

// The calls that the job's own worker answers (docs/job-socket.md).
namespace ostler::cli {

/// The body of the good answer of `method` /api/current-job/v0/`call`. `command` begins the message
/// of an error.
/// Errors: NotFound outside a job; UserFault with the worker's words when it refuses; those of
/// agent_client::call_job_api.
Result<std::string> ask_job_api(std::string_view command, std::string method, std::string_view call,
                                std::string body);

/// Hides the texts in all that the job prints from now on. Errors: as ask_job_api.
Result<void> add_redactions(std::string_view command, const std::vector<std::string>& texts);

/// How a command whose output is secret prints it.
struct SecretOutput {
  std::string_view command;   ///< "secret get"
  std::string_view variable;  ///< what stands for --skip-redaction in the environment
  bool skip_redaction = false;
};

/// Prints `text` after hiding `secrets` in the log, unless that is to be skipped.
/// Errors: when they cannot be hidden; then nothing is printed.
Result<void> print_secret(const SecretOutput& output, const std::vector<std::string>& secrets,
                          std::string_view text);

}  // namespace ostler::cli
