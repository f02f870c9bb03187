// SPDX-License-Identifier: Apache-2.0
#include "wire/oidc.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

std::string encode(const OidcClaims& claims) {
  json object = {{"iss", claims.issuer},    {"sub", claims.subject},   {"aud", claims.audience},
                 {"iat", claims.issued_at}, {"nbf", claims.issued_at}, {"exp", claims.expires_at}};
  for (const auto& [name, value] : claims.texts) object[name] = value;
  for (const auto& [name, value] : claims.numbers) object[name] = value;
  for (const auto& [name, value] : claims.aws_session_tags) {
    object["https://aws.amazon.com/tags"]["principal_tags"][name] = json::array({value});
  }
  return to_text(object);
}

std::string encode_token_header(std::string_view key_id) {
  return to_text({{"typ", "JWT"}, {"alg", "RS256"}, {"kid", key_id}});
}

std::string encode_key_set(const SigningKey& key) {
  json keys = json::array();
  keys.push_back({{"kty", "RSA"},
                  {"use", "sig"},
                  {"alg", "RS256"},
                  {"kid", key.id},
                  {"n", key.modulus},
                  {"e", key.exponent}});
  return to_text(json::object({{"keys", std::move(keys)}}));
}

std::string encode_issuer(std::string_view url, std::string_view keys_url) {
  return to_text(
      {{"issuer", url},
       {"jwks_uri", keys_url},
       {"scopes_supported", json::array({"openid"})},
       {"response_types_supported", json::array({"id_token"})},
       {"subject_types_supported", json::array({"public"})},
       {"id_token_signing_alg_values_supported", json::array({"RS256"})},
       {"claims_supported",
        json::array({"iss", "sub", "aud", "iat", "nbf", "exp", "organization_slug", "pipeline_slug",
                     "build_number", "build_branch", "build_tag", "build_commit", "build_source",
                     "step_key", "job_id", "agent_id", "runner_environment"})}});
}

}  // namespace ostler::wire
