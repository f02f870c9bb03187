// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "object_store/access_token.hpp"
#include "object_store/object_store.hpp"

namespace ostler::object_store {

/// Who asks, as a file of Google's says it: a service account, which signs with a key of its own,
/// or a person, who once agreed.
struct GoogleKey {
  enum class Kind { ServiceAccount, AuthorizedUser };
  Kind kind = Kind::ServiceAccount;
  std::string token_uri;  ///< who gives access tokens for it
  std::string client_email;
  std::string private_key_id;
  Secret private_key;  ///< PEM
  std::string client_id;
  Secret client_secret;
  Secret refresh_token;
};

/// Reads such a file's JSON. Errors: UserFault naming `origin` when it is none of those kinds,
/// lacks a field, or names a place to send it to that is not https.
Result<GoogleKey> parse_google_key(const std::string& json, const std::string& origin);

/// What the service account asserts of itself for an access token: a JWT signed by RS256.
/// Errors: UserFault when its private key is none. Source: RFC 7523.
Result<Secret> google_assertion(const GoogleKey& key, Timestamp now);

/// The access token in force: of the key in BUILDKITE_GS_APPLICATION_CREDENTIALS_JSON, or the file
/// BUILDKITE_GS_APPLICATION_CREDENTIALS; else Google's own chain of GOOGLE_APPLICATION_CREDENTIALS,
/// what `gcloud auth application-default login` left, and the service account of this machine.
/// Asked for once, and again before it expires. Thread-safe.
/// Source: job-lifecycle 8.4; Google Cloud, "How Application Default Credentials works".
class GoogleCredentials {
 public:
  GoogleCredentials(Variables variables, const Clock& clock)
      : variables_(std::move(variables)), clock_(clock) {}

  /// Errors: UserFault when there are none, saying what to set; others from whom was asked.
  Result<Secret> token(net::BlockingHttpClient& client) const;

 private:
  Result<AccessToken> fetch(net::BlockingHttpClient& client) const;
  Result<AccessToken> exchange(net::BlockingHttpClient& client, const GoogleKey& key) const;
  Result<std::optional<GoogleKey>> find_key() const;
  Result<AccessToken> ask_machine(net::BlockingHttpClient& client) const;

  const Variables variables_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  mutable std::optional<AccessToken> token_;  // guarded by mutex_
};

}  // namespace ostler::object_store
