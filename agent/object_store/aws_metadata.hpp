// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "object_store/aws_credentials.hpp"

// Credentials that AWS itself gives to what runs there: temporary ones, over HTTP. Each is none
// where nothing says that it exists.
namespace ostler::object_store {

/// By AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, from the security token service.
Result<std::optional<AwsCredentials>> web_identity_credentials(const Variables& variables,
                                                               net::BlockingHttpClient& client);
/// By AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI.
Result<std::optional<AwsCredentials>> container_credentials(const Variables& variables,
                                                            net::BlockingHttpClient& client);
/// The role of this machine, unless AWS_EC2_METADATA_DISABLED is true; none where nobody answers.
Result<std::optional<AwsCredentials>> instance_credentials(const Variables& variables,
                                                           net::BlockingHttpClient& client);

}  // namespace ostler::object_store
