// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "plugin_host/bundle.hpp"
#include "plugin_host/plugin_policy.hpp"

// Whether the operator lets a plugin run. Errors: Denied, with the setting that says so.
namespace ostler::plugin_host {

Result<void> check_allowed(const std::string& id, const std::string& version,
                           const PluginPolicy& policy);
/// The profile of the plugin's commands. `landlock`: the version that this kernel has; 0: none.
Result<CommandProfile> check_commands(CommandProfile wanted, const PluginPolicy& policy,
                                      int landlock);
/// Whether it may start services that outlive its jobs, if it asks for that.
Result<void> check_services(const Bundle& bundle, const PluginPolicy& policy);
/// Whether it may set secrets of the hub, if it asks for that.
Result<void> check_secrets_put(const Bundle& bundle, const PluginPolicy& policy);
Result<void> check_publisher(const Bundle& bundle, const PluginPolicy& policy);

}  // namespace ostler::plugin_host
