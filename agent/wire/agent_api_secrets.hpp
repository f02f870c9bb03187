// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

// Secrets of jobs, their identity tokens and tokens for repositories in the Agent API. Source:
// reference/agent-api.md 2.18.
namespace ostler::wire {

struct JobSecret {
  std::string key;
  Secret value;
  std::string uuid;
};
std::string encode(const JobSecret& secret);
/// Errors: Protocol also when the value is missing.
Result<JobSecret> decode_job_secret(std::string_view json);

/// What the server lets plugins of a job do, in its answer to accept: set secrets.
inline constexpr std::string_view kSecretPutService = "secret-put";

/// The job, or its cluster, has set as many as it may.
inline constexpr int kTooManySecrets = 413;

/// The body of `PUT jobs/:id/ostler/secrets`, with which our hub takes a value from a plugin.
struct SecretPut {
  std::string key;
  Secret value;
  std::string plugin;   ///< "rotate#1.0.0"
  std::string request;  ///< the same in each attempt: a repeat undoes nothing. Never empty
};
std::string encode(const SecretPut& put);
/// Errors: Protocol; UserFault for a key or a value that no secret has.
Result<SecretPut> decode_secret_put(std::string_view json);

/// What is empty or 0 is left to the server.
struct OidcTokenRequest {
  std::string audience;
  std::int64_t lifetime = 0;  ///< seconds
  std::vector<std::string> claims;
  std::vector<std::string> aws_session_tags;
  std::string subject_claim;
};
std::string encode(const OidcTokenRequest& request);
/// Errors: Protocol also for a negative lifetime.
Result<OidcTokenRequest> decode_oidc_token_request(std::string_view json);

std::string encode_repository_token_request(std::string_view repository_url);
/// The URL; empty when there is none, for agents send the body once only.
Result<std::string> decode_repository_token_request(std::string_view json);

/// The answer to a request for a token of either kind.
std::string encode_token(const Secret& token);
/// Errors: Protocol also when there is none.
Result<Secret> decode_token(std::string_view json);

}  // namespace ostler::wire
