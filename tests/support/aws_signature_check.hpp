// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "support/scripted_server.hpp"

namespace ostler::support {

/// What a request to S3 must be signed with.
struct AwsSignatureCheck {
  std::string key;
  std::string secret;
  std::string token;  ///< empty: the request must have none
  std::string region;

  /// The code of S3's refusal; empty when the request is signed as it should be and its body has
  /// the digest that was signed. Written from Amazon's documentation alone.
  std::string fault(const ServerRequest& request) const;
};

/// "%41" is "A".
std::string percent_decoded(const std::string& text);
/// The parameters of a target's query, decoded.
std::map<std::string, std::string> query_of(const std::string& target);

}  // namespace ostler::support
