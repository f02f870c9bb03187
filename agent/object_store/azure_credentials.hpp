// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>

#include "object_store/access_token.hpp"

namespace ostler::object_store {

/// The access token for storage where no account's key is given: of the application in
/// AZURE_CLIENT_ID and AZURE_TENANT_ID with AZURE_CLIENT_SECRET, or with the workload's own token
/// in AZURE_FEDERATED_TOKEN_FILE; else of the identity of this machine. Asked for once, and again
/// before it expires. Thread-safe.
/// Source: job-lifecycle 8.4; Microsoft identity platform, "client credentials flow".
class AzureCredentials {
 public:
  AzureCredentials(Variables variables, const Clock& clock)
      : variables_(std::move(variables)), clock_(clock) {}

  /// Errors: UserFault when there is nothing to ask with, saying what to set; others from whom was
  /// asked.
  Result<Secret> token(net::BlockingHttpClient& client) const;

 private:
  Result<AccessToken> fetch(net::BlockingHttpClient& client) const;
  Result<AccessToken> ask_as_application(net::BlockingHttpClient& client,
                                         const std::string& proof) const;
  Result<AccessToken> ask_machine(net::BlockingHttpClient& client) const;

  const Variables variables_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  mutable std::optional<AccessToken> token_;  // guarded by mutex_
};

}  // namespace ostler::object_store
