// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/pipeline.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::wire {

/// An organization object. Source: rest-api, 7.
std::string encode_rest_organization(const model::Organization& organization, const RestUrls& urls);

/// An API token as its holder sees it.
struct RestAccessToken {
  TokenId id;
  std::vector<std::string> scopes;
  std::string description;
  Timestamp created_at;
  model::User user;
};
/// Source: rest-api, 6.1.
std::string encode_rest_access_token(const RestAccessToken& token);

}  // namespace ostler::wire
