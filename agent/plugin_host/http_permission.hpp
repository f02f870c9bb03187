// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/url.hpp"

// Which servers a plugin may ask. A pattern is a host ("api.example.com", ports 80 and 443), a host
// with a port ("127.0.0.1:8080"), or all hosts below a name ("*.example.com"). kHubPattern is the
// server that gave the job.
namespace ostler::plugin_host {

inline constexpr std::string_view kHubPattern = "hub:";

/// Whether a text is a pattern of hosts.
bool is_http_pattern(const std::string& text);

/// What a permission means that the configuration names: a pattern, or the URL of a server.
/// Errors: UserFault when it is neither.
Result<std::string> http_pattern_of(const std::string& text);

bool is_permitted(const net::UrlOrigin& origin, std::span<const std::string> patterns);

}  // namespace ostler::plugin_host
