// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

// Calls that a plugin makes outside any build.
namespace ostler::cli {

inline constexpr std::string_view kHttpCalls = "ostler.http/1/";
inline constexpr std::string_view kSecretCalls = "ostler.secret/1/";

/// Errors: UserFault for what is neither "get" nor "protect", with one argument.
Result<void> check_secret_call(std::string_view what, const std::vector<std::string>& arguments);

/// "NAME=value" for each variable of this process, for its child that makes requests.
std::vector<std::string> entries_of_process();

}  // namespace ostler::cli
