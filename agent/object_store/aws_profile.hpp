// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "object_store/aws_credentials.hpp"

namespace ostler::object_store {

using ProfileSettings = std::map<std::string, std::string>;

/// The settings of one `[section]` of a file in AWS's format; none when it has no such section.
std::optional<ProfileSettings> read_section(std::string_view text, std::string_view section);

/// Settings of a profile in ~/.aws/credentials and ~/.aws/config (or where
/// AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE say), the first file's before the second's.
std::optional<ProfileSettings> read_profile(const Variables& variables, const std::string& name);

/// The credentials of a profile that somebody named. Errors: UserFault when there is none of that
/// name, or it gets its credentials in a way that is not read here.
Result<AwsCredentials> named_profile_credentials(const Variables& variables,
                                                 const std::string& name);
/// Those of the profile "default"; none when it is not there or has nothing to say of them.
Result<std::optional<AwsCredentials>> default_profile_credentials(const Variables& variables);

}  // namespace ostler::object_store
