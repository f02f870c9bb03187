// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_secrets.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/secret_key.hpp"
#include "wire/json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

namespace {

constexpr std::size_t kLongestPutRequest = 64;
constexpr std::size_t kLongestPlugin = 160;

/// It is shown to people.
bool is_plugin_reference(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '#';
  };
  return !text.empty() && text.size() <= kLongestPlugin && std::ranges::all_of(text, fits);
}

}  // namespace

std::string encode(const JobSecret& secret) {
  return to_text({{"key", secret.key}, {"value", secret.value.reveal()}, {"uuid", secret.uuid}});
}

Result<JobSecret> decode_job_secret(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "secret"));
  ObjectReader reader(object, "secret");
  JobSecret secret;
  reader.read("key", secret.key);
  reader.read("value", secret.value);
  reader.read("uuid", secret.uuid);
  reader.require(object.is_object() && object.contains("value"), "value", "a text");
  OSTLER_TRY(reader.finish());
  return secret;
}

std::string encode(const SecretPut& put) {
  return to_text({{"key", put.key},
                  {"value", put.value.reveal()},
                  {"plugin", put.plugin},
                  {"request", put.request}});
}

Result<SecretPut> decode_secret_put(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "secret"));
  ObjectReader reader(object, "secret");
  SecretPut put;
  reader.read("key", put.key);
  reader.read("value", put.value);
  reader.read("plugin", put.plugin);
  reader.read("request", put.request);
  const bool is_known = !put.request.empty() && put.request.size() <= kLongestPutRequest;
  reader.require(is_known, "request", "a text of 1 to 64 bytes");
  reader.require(is_plugin_reference(put.plugin), "plugin", "a plugin such as rotate#1.0.0");
  OSTLER_TRY(reader.finish());
  if (!model::is_secret_key(put.key)) {
    return Error(Errc::UserFault,
                 "the name of a secret begins with a letter, holds only letters, digits and "
                 "underscores, has at most 255 of them, and does not begin with buildkite or bk");
  }
  OSTLER_TRY(model::check_secret_value(put.value.reveal()));
  return put;
}

std::string encode(const OidcTokenRequest& request) {
  json object = json::object();
  put_unless_empty(object, "audience", request.audience);
  if (request.lifetime > 0) object["lifetime"] = request.lifetime;
  if (!request.claims.empty()) object["claims"] = request.claims;
  if (!request.aws_session_tags.empty()) object["aws_session_tags"] = request.aws_session_tags;
  put_unless_empty(object, "subject_claim", request.subject_claim);
  return to_text(object);
}

Result<OidcTokenRequest> decode_oidc_token_request(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text.empty() ? "{}" : text, "token request"));
  ObjectReader reader(object, "token request");
  OidcTokenRequest request;
  reader.read("audience", request.audience);
  reader.read("lifetime", request.lifetime);
  reader.read("claims", request.claims);
  reader.read("aws_session_tags", request.aws_session_tags);
  reader.read("subject_claim", request.subject_claim);
  reader.require(request.lifetime >= 0, "lifetime", "a number of seconds");
  OSTLER_TRY(reader.finish());
  return request;
}

std::string encode_repository_token_request(std::string_view repository_url) {
  return to_text({{"repo_url", repository_url}});
}

Result<std::string> decode_repository_token_request(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text.empty() ? "{}" : text, "token request"));
  ObjectReader reader(object, "token request");
  std::string url;
  reader.read("repo_url", url);
  OSTLER_TRY(reader.finish());
  return url;
}

std::string encode_token(const Secret& token) { return to_text({{"token", token.reveal()}}); }

Result<Secret> decode_token(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "token answer"));
  ObjectReader reader(object, "token answer");
  Secret token;
  reader.read("token", token);
  reader.require(!token.empty(), "token", "a text");
  OSTLER_TRY(reader.finish());
  return token;
}

}  // namespace ostler::wire
