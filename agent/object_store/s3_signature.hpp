// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "net/http_message.hpp"
#include "object_store/aws_credentials.hpp"

namespace ostler::object_store {

/// Whom a request to S3 is signed for, and when.
struct S3Signer {
  const AwsCredentials& credentials;
  std::string region;
  Timestamp now;
};

/// The digest of a body of no bytes.
inline constexpr std::string_view kSha256OfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Signs a request by AWS Signature Version 4 for S3: adds the headers x-amz-date,
/// x-amz-content-sha256, x-amz-security-token and Authorization, and signs all that it has and the
/// host. `body_sha256` is lower-case hex; S3 refuses a body of another digest.
/// Requires: the URL's path and query are encoded as `url_path` does; "name=" for a parameter
/// without a value.
/// Source: Amazon S3 API Reference, "Authenticating Requests: Using the Authorization Header".
void sign_for_s3(net::HttpRequest& request, std::string_view body_sha256, const S3Signer& signer);

}  // namespace ostler::object_store
