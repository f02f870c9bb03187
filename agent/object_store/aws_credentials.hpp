// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "object_store/object_store.hpp"

namespace ostler::object_store {

/// What AWS requests are signed with.
struct AwsCredentials {
  std::string access_key_id;
  Secret secret_access_key;
  Secret session_token;              ///< of temporary credentials
  std::optional<Timestamp> expires;  ///< none: they stay
  std::string origin;                ///< where they were found, for people
};

/// The credentials in force: BUILDKITE_S3_ACCESS_KEY_ID and its secret; else a named profile; else
/// AWS's own chain of environment, web identity, default profile, container and instance. Found
/// once and again before they expire. Thread-safe.
/// Source: job-lifecycle 8.4; AWS SDKs and Tools Reference Guide, "Credential providers".
class AwsCredentialChain {
 public:
  AwsCredentialChain(Variables variables, const Clock& clock)
      : variables_(std::move(variables)), clock_(clock) {}

  /// Errors: UserFault when none are found or half of them, saying what to set; others from whom
  /// was asked.
  Result<AwsCredentials> current(net::BlockingHttpClient& client) const;

 private:
  Result<AwsCredentials> find(net::BlockingHttpClient& client) const;

  const Variables variables_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  mutable std::optional<AwsCredentials> found_;  // guarded by mutex_
};

}  // namespace ostler::object_store
