// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

// What is said at the unix socket in the hub's directory.
namespace ostler::wire {

inline constexpr std::string_view kApiTokensPath = "/api-tokens";

/// The request for a new API token.
std::string encode_new_api_token(const std::string& description);
/// The description. Errors: Protocol.
Result<std::string> decode_new_api_token(std::string_view json);

/// What a person's commands need to speak to a hub: the answer to that request, and the content of
/// the file in which the commands keep it.
struct HubAccess {
  std::string url;           ///< of the hub, without a path
  std::string organization;  ///< slug
  Secret token;              ///< for the REST API
};
std::string encode(const HubAccess& access);
/// Errors: Protocol, naming the field.
Result<HubAccess> decode_hub_access(std::string_view json);

}  // namespace ostler::wire
