// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

// Secrets that a plugin names in headers of a request, "Authorization: Bearer {secret:TOKEN}", so
// that their values never enter its box.
namespace ostler::plugin_host {

inline constexpr std::string_view kSecretBegin = "{secret:";

/// The names in headers, one a line, in their order.
/// Errors: UserFault for one in the name of a header, and for one without an end.
Result<std::vector<std::string>> secrets_in_headers(const std::string& headers);

/// The headers with the values in their places.
/// Errors: UserFault for one that `values` has not, for a value of several lines, and beyond 256
/// KiB.
Result<std::string> put_secrets(const std::string& headers,
                                const std::map<std::string, std::string>& values);

/// Errors: Denied for a secret that is none of those that the plugin may read.
Result<void> check_secret(const std::string& name, const std::vector<std::string>& permitted);
/// The same of those that it may set.
Result<void> check_secret_put(const std::string& name, const std::vector<std::string>& permitted);

}  // namespace ostler::plugin_host
