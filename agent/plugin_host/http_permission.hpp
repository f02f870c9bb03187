// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "base/result.hpp"
#include "net/url.hpp"

// Which servers a plugin may ask. A pattern is a host ("api.example.com", ports 80 and 443), a host
// with a port ("127.0.0.1:8080"), or all hosts below a name ("*.example.com").
namespace ostler::plugin_host {

bool is_http_pattern(const std::string& text);

/// What a permission means that the configuration names: a pattern, or the URL of a server.
/// Errors: UserFault when it is neither.
Result<std::string> http_pattern_of(const std::string& text);

bool is_permitted(const net::UrlOrigin& origin, std::span<const std::string> patterns);

}  // namespace ostler::plugin_host
