// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "model/cluster.hpp"

// Clusters, queues and agent tokens of REST v2 as a client reads them. Source: rest-api, 14.
// Errors of all: Protocol, naming the field.
namespace ostler::wire {

/// Without organization.
Result<std::vector<model::Cluster>> decode_rest_clusters(std::string_view json);

/// Without cluster and what is said of it; of the people who paused or made it the names only.
Result<std::vector<model::Queue>> decode_rest_queues(std::string_view json);

/// Without cluster.
Result<std::vector<model::AgentToken>> decode_rest_agent_tokens(std::string_view json);

/// The text of a token in the answer to its making.
Result<Secret> decode_rest_agent_token_text(std::string_view json);

}  // namespace ostler::wire
