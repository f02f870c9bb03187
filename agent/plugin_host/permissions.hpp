// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugin_host/step_plan.hpp"

namespace ostler::plugin_host {

/// A name that a permission gives, or that the configuration has at a JSON pointer.
struct PermittedName {
  std::string text;
  bool is_pointer = false;
};

/// What a plugin may touch; what it does not ask for it does not get.
struct Permissions {
  WorkspaceAccess workspace = WorkspaceAccess::None;
  bool network = false;                            ///< any host
  bool host_directory = false;                     ///< that stays on the host, for its pipeline
  CommandProfile commands = CommandProfile::None;  ///< programs outside the box
  std::vector<std::string> services = {};          ///< of the build: "annotation", "meta-data"
  std::optional<std::vector<PermittedName>> secrets = {};  ///< of the hub; none: not the service
  std::vector<PermittedName> secrets_put = {};             ///< names of those that it may set
  std::vector<PermittedName> hosts = {};  ///< to ask by HTTP; see http_permission.hpp
};

/// `value` is the object "permissions" of a manifest. Its faults are appended, one line each.
Permissions read_permissions(const JsonValue& value, std::vector<std::string>& faults);

/// The names of secrets that a run with that configuration may read.
/// Errors: UserFault when a pointer leads to nothing, or to what is no text.
Result<std::vector<std::string>> permitted_secrets(const Permissions& permissions,
                                                   const JsonValue& config);

/// The names of those that it may set.
/// Errors: UserFault also for a text of the configuration that is no name of a secret.
Result<std::vector<std::string>> permitted_puts(const Permissions& permissions,
                                                const JsonValue& config);

/// The patterns of hosts that it may ask by HTTP.
/// Errors: UserFault as well for a text of the configuration that is neither a host nor a URL.
Result<std::vector<std::string>> permitted_hosts(const Permissions& permissions,
                                                 const JsonValue& config);

/// "reads the workspace, no network".
std::string describe(const Permissions& permissions);

}  // namespace ostler::plugin_host
