// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/agent.hpp"
#include "model/job.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::wire {

/// "passed": a job's state as REST prints it. Source: rest-api, 10.4.
std::string_view rest_job_state(const model::Job& job);

/// Whether REST knows a state of that name, also one that no job of this hub has. Not "finished",
/// which it prints as "passed" or "failed".
bool is_rest_job_state(std::string_view name);

/// Where the job's build is found.
struct RestBuildAddress {
  std::string_view pipeline;  ///< slug
  std::int64_t number = 0;
  ClusterId cluster;
};

/// A job's type as REST prints it: "script", "waiter", "manual".
std::string_view rest_job_type(model::StepKind kind);

/// A job object of the type of its step. `agent` is null before one accepted it.
/// Source: rest-api, 10.2 and 10.3.
std::string encode_rest_job(const model::Job& job, const model::Agent* agent,
                            const RestBuildAddress& build, const RestUrls& urls);

/// {"exit_status": 1, "reason": "why"}
std::string encode_promised_failure(const model::PromisedFailure& promise);

/// {"total": int, "states": {state: int}} of all jobs alike.
std::string encode_rest_job_counts(const std::vector<model::Job>& jobs);

/// {"env": {...}}.
std::string encode_rest_job_env(const model::Variables& env);
/// The environment in such an object. Errors: Protocol.
Result<std::map<std::string, std::string>> decode_rest_job_env(std::string_view json);

/// The number of {"priority": 7}. Errors: UserFault, in the reference's words; Protocol.
Result<std::int64_t> decode_rest_priority(std::string_view json);

}  // namespace ostler::wire
