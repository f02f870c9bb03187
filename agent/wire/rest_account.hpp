// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/pipeline.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::wire {

/// An organization object. Source: rest-api, 7.
std::string encode_rest_organization(const model::Organization& organization, const RestUrls& urls);

/// A user as a member of the organization. Source: rest-api, 6.5.
std::string encode_rest_member(const model::User& user);

/// An API token as its holder sees it.
struct RestAccessToken {
  TokenId id;
  std::vector<std::string> scopes;
  std::string description;
  Timestamp created_at;
  std::optional<Timestamp> expires_at{};
  model::User user;
};
/// Source: rest-api, 6.1.
std::string encode_rest_access_token(const RestAccessToken& token);

/// How many calls a token has made in its minute.
struct RestRateLimit {
  std::int64_t limit = 0;  ///< 0: not enforced
  std::int64_t current = 0;
  std::int64_t reset = 0;  ///< seconds
  Timestamp reset_at;
};
/// The limits of an organization. Source: rest-api, 4.
std::string encode_rest_rate_limit(const RestRateLimit& limit);
/// The body of a 429.
std::string encode_rest_rate_refusal(std::int64_t limit, std::int64_t current, std::int64_t reset);

}  // namespace ostler::wire
