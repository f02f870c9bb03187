// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Identity tokens as JSON web tokens, and what a reader needs to check them.
// Source: RFC 7515, RFC 7517, RFC 7519, OpenID Connect Discovery 1.0.
namespace ostler::wire {

/// What a token says. Times are seconds since 1970.
struct OidcClaims {
  std::string issuer;
  std::string subject;
  std::string audience;
  std::int64_t issued_at = 0;
  std::int64_t expires_at = 0;
  std::vector<std::pair<std::string, std::string>> texts;
  std::vector<std::pair<std::string, std::int64_t>> numbers;
  /// Tags of a session at Amazon's cloud, by name.
  std::vector<std::pair<std::string, std::string>> aws_session_tags;
};
std::string encode(const OidcClaims& claims);

/// An RSA key that signs tokens with RS256, in base64 for URLs.
struct SigningKey {
  std::string id;
  std::string modulus;
  std::string exponent;
};
/// The header of a token that `key_id` signs.
std::string encode_token_header(std::string_view key_id);
/// The JSON web key set with this one key.
std::string encode_key_set(const SigningKey& key);
/// The discovery document of the issuer at `url`; its keys are at `keys_url`.
std::string encode_issuer(std::string_view url, std::string_view keys_url);

}  // namespace ostler::wire
