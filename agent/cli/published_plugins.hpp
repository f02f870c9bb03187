// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/hub_client.hpp"
#include "wire/rest_plugin.hpp"

// Step plugins that a hub has for people, as its agents have them.
namespace ostler::cli {

/// All of them, as the REST API says it. Errors: those of HubClient; UserFault, saying what to do,
/// when the token may not ask for them.
Result<std::string> published_plugins_text(HubClient& hub);
/// What that text says: by name, and of one name the earliest version first.
Result<std::vector<wire::RestPlugin>> published_plugins(const std::string& text);

}  // namespace ostler::cli
