// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "environment/variables.hpp"

// Jobs whose git takes its credentials from the server. Source: job-lifecycle 2.14.
namespace ostler::environment {

/// Whether the job is one.
bool takes_credentials_from_server(const Variables& env);

/// github.com as it is named over ssh, and as it is reached with a token.
inline constexpr std::string_view kGithubOverSsh = "git@github.com:";
inline constexpr std::string_view kGithubOverHttps = "https://github.com/";

/// Whether addresses of github.com over ssh are to be taken for those over https.
bool reaches_github_by_token(const Variables& env);

}  // namespace ostler::environment
