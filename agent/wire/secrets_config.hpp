// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

// Which secrets a step wants, as a job's object and its environment have it.
// Source: reference/agent-api.md 9.1, reference/job-lifecycle.md 5.1.
namespace ostler::wire {

struct WantedSecret {
  std::string key;
  std::string variable;  ///< empty: it is only to be hidden in the log

  friend bool operator==(const WantedSecret&, const WantedSecret&) = default;
};

/// The value of BUILDKITE_SECRETS_CONFIG for the step object of a job, whose `secrets` are a list
/// of keys or of pairs, or a mapping of variables to keys; empty when it names none, or cannot be
/// read.
std::string secrets_config_of(std::string_view step_json);

/// Reads that value. Errors: Protocol.
Result<std::vector<WantedSecret>> decode_secrets_config(std::string_view text);

}  // namespace ostler::wire
