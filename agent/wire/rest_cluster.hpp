// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "model/cluster.hpp"
#include "wire/rest_urls.hpp"

// Clusters, queues and agent tokens in REST v2, as the hub says them. Source: rest-api, 14.
namespace ostler::wire {

/// What stands for a token that is good from anywhere.
inline constexpr std::string_view kEveryIpAddress = "0.0.0.0/0 ::/0";

/// "prefer-warmest", "prefer-different".
std::string_view name_of(model::RetryAffinity affinity);
/// None: no affinity has that name.
std::optional<model::RetryAffinity> retry_affinity_named(std::string_view name);

std::string encode_rest_cluster(const model::Cluster& cluster, const RestUrls& urls);

/// With `lease_seconds`, which only this hub has; null: the hub's own.
std::string encode_rest_queue(const model::Queue& queue, const RestUrls& urls);

/// Without its text, which is not kept.
std::string encode_rest_agent_token(const model::AgentToken& token, const RestUrls& urls);
/// With `text` as `token`: the answer to its making, and the only place where it is said.
std::string encode_rest_new_agent_token(const model::AgentToken& token, const Secret& text,
                                        const RestUrls& urls);

}  // namespace ostler::wire
