// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_token.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {

std::string encode(const TokenIdentity& token) {
  return to_text({{"uuid", token.uuid},
                  {"description", token.description},
                  {"token_type", token.token_type},
                  {"organization_slug", token.organization_slug},
                  {"organization_uuid", token.organization_uuid},
                  {"cluster_uuid", token.cluster_uuid},
                  {"cluster_name", token.cluster_name},
                  {"organization_queue_uuid", token.organization_queue_uuid},
                  {"organization_queue_key", token.organization_queue_key}});
}

}  // namespace ostler::wire
