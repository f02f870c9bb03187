// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::agent_client {

/// `text` as one segment of an Agent API path: percent-encoded, with every "." as "%2E".
/// Source: agent-api 1.1.
std::string path_segment(std::string_view text);

/// The URL of a relative path: exactly one slash between the two.
std::string join_url(std::string_view endpoint, std::string_view path);

/// What is left of an http:// or https:// URL without its path and query.
std::string_view origin_of(std::string_view url);

}  // namespace ostler::agent_client
