// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// What an agent token is, as the Agent API tells its holder. Source: agent-api 2.1.
namespace ostler::wire {

struct TokenIdentity {
  std::string uuid;
  std::string description;
  std::string token_type;  ///< "cluster": it registers agents in one cluster
  std::string organization_slug;
  std::string organization_uuid;
  std::string cluster_uuid;
  std::string cluster_name;
  std::string organization_queue_uuid;  ///< both empty: in any queue of the cluster
  std::string organization_queue_key;
};

std::string encode(const TokenIdentity& token);

}  // namespace ostler::wire
