// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "object_store/aws_credentials.hpp"
#include "object_store/object_store.hpp"
#include "object_store/s3_settings.hpp"

namespace ostler::object_store {

/// One request about one object. It is made anew, and signed, for each attempt.
struct S3Call {
  std::string method;
  std::string object;
  std::string query = {};  ///< encoded, "name=" for a parameter without a value
  net::HttpHeaders headers = {};
  std::variant<std::string, net::FileBody> body = std::string();
  std::string body_sha256 = {};  ///< empty: it has no body
  std::filesystem::path download_to = {};
};

/// Sends signed requests to a bucket, in the region where it is. Thread-safe.
class S3Client {
 public:
  S3Client(S3Settings settings, const StoreOptions& options, const Clock& clock)
      : settings_(std::move(settings)), clock_(clock), credentials_(options.variables, clock) {}

  const S3Settings& settings() const { return settings_; }

  /// Finds credentials and region. Errors: as AwsCredentialChain; Unavailable when nobody tells
  /// where the bucket is.
  Result<void> prepare(net::BlockingHttpClient& client) const;
  /// Errors: those of prepare and s3_refusal.
  Result<net::HttpResponse> send(net::BlockingHttpClient& client, const S3Call& call,
                                 const agent_client::RetryPolicy& policy) const;

 private:
  Result<std::string> region(net::BlockingHttpClient& client) const;
  Result<std::string> discover_region(net::BlockingHttpClient& client) const;

  const S3Settings settings_;
  const Clock& clock_;
  const AwsCredentialChain credentials_;
  mutable std::mutex mutex_;
  mutable std::optional<std::string> region_;  // guarded by mutex_
};

}  // namespace ostler::object_store
