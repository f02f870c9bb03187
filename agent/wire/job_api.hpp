// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

// The Job API as a command in a job speaks it. Source: reference/agent-api.md 4.1.
namespace ostler::wire {

/// Names of variables that a change touched, sorted.
struct EnvChange {
  std::vector<std::string> added;
  std::vector<std::string> updated;
};

/// The answer to GET env.
Result<std::map<std::string, std::string>> decode_job_env(std::string_view json);
/// The body of PATCH env, and its answer.
std::string encode_env_update(const std::map<std::string, std::string>& env);
Result<EnvChange> decode_env_change(std::string_view json);
/// The body of DELETE env, and the names in its answer.
std::string encode_env_removal(const std::vector<std::string>& names);
Result<std::vector<std::string>> decode_env_removed(std::string_view json);
/// The body of POST redactions.
std::string encode_redaction(const std::string& text);
/// What an error's body says; empty when it says nothing.
std::string decode_job_api_error(std::string_view json);

}  // namespace ostler::wire
