// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/agent_parts.hpp"
#include "daemon/records.hpp"
#include "environment/variables.hpp"
#include "wire/agent_api.hpp"

namespace ostler::daemon {

/// The environment of an accepted job: the server's, with what this agent sets laid over it.
environment::Variables job_environment(const AgentParts& parts, const JobRecord& record,
                                       wire::StringMap server);

}  // namespace ostler::daemon
