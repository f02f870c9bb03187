// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/hub_client.hpp"
#include "plugin_host/bundle.hpp"
#include "plugin_host/lock_file.hpp"
#include "plugin_host/step_reference.hpp"
#include "wire/rest_plugin.hpp"

// Step plugins that a hub has for people, as its agents have them.
namespace ostler::cli {

/// All of them, as the REST API says it. Errors: those of HubClient; UserFault, saying what to do,
/// when the token may not ask for them.
Result<std::string> published_plugins_text(HubClient& hub);
/// What that text says: by name, and of one name the earliest version first.
Result<std::vector<wire::RestPlugin>> published_plugins(const std::string& text);

/// The newest of them that `wanted` may mean on that platform; without a version the newest there
/// is. Errors: NotFound, with what is there instead.
Result<wire::RestPlugin> find_published(const std::vector<wire::RestPlugin>& all,
                                        const plugin_host::StepReference& wanted,
                                        const std::string& platform);

/// The one of them that a line of plugins.lock names. Errors: those; Denied when the hub has
/// another one of that version.
Result<wire::RestPlugin> find_pinned(const std::vector<wire::RestPlugin>& all,
                                     const plugin_host::LockedPlugin& pinned);

/// Whether standard output is for a person, who is told what came.
enum class Telling : std::uint8_t { No, Yes };

/// Gets it from the hub, unpacked into `scratch`, and says so where it is to. It is what the hub's
/// list said by its digest, else nothing. Errors: those of HubClient, of unpack_bundle and
/// open_bundle; Protocol and Denied when something else came.
Result<plugin_host::Bundle> fetch_published(const HubClient& hub, const wire::RestPlugin& plugin,
                                            const std::filesystem::path& scratch,
                                            Telling telling = Telling::Yes);

}  // namespace ostler::cli
