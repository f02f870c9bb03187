// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/agent.hpp"
#include "wire/rest_pipeline.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::wire {

/// "connected": an agent's state as REST prints it. Source: rest-api, 15.
std::string_view rest_connection_state(const model::Agent& agent);
/// How long a pause was meant to be, in minutes; none: until somebody ends it.
std::optional<std::int64_t> rest_pause_minutes(const model::AgentPause& pause);

/// The agent object that a job holds: without its own job, queue and pause. Source: rest-api, 15.
std::string encode_rest_agent(const model::Agent& agent, const RestUrls& urls);

/// What the whole object has beside the agent.
struct RestAgentParts {
  std::string queue;               ///< its key
  std::optional<std::string> job;  ///< JSON of the job that it holds
};
std::string encode_rest_agent(const model::Agent& agent, const RestUrls& urls,
                              const RestAgentParts& parts);

/// Whether the body of a stop asks for force; it does when it says nothing.
/// Errors: Protocol when the text is not a JSON object.
Result<RestDecoded<bool>> decode_rest_agent_stop(std::string_view json);

}  // namespace ostler::wire
