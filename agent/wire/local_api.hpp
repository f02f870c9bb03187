// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

// What is said at the unix socket in the hub's directory.
namespace ostler::wire {

inline constexpr std::string_view kApiTokensPath = "/api-tokens";

/// The request for a new API token.
struct NewApiToken {
  std::string description;
  std::vector<std::string> scopes{};  ///< none: every one
  std::optional<Timestamp> expires_at{};
};
std::string encode(const NewApiToken& token);
/// Errors: Protocol, naming the field.
Result<NewApiToken> decode_new_api_token(std::string_view json);

/// An API token, as it is listed: without its text.
struct ApiTokenLine {
  std::string id;
  std::string description;
  std::vector<std::string> scopes;
  Timestamp created_at;
  std::optional<Timestamp> expires_at;
};
std::string encode(const std::vector<ApiTokenLine>& tokens);
/// Errors: Protocol, naming the field.
Result<std::vector<ApiTokenLine>> decode_api_tokens(std::string_view json);

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
