// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "environment/variables.hpp"

namespace ostler::plugin_host {

/// Where plugins come from that plugins.lock names and the store lacks.
enum class FetchPolicy { FromHub, Forbidden, NoneOffered };

/// The operator's decision on step plugins; a job reads it in variables that it cannot set.
struct PluginPolicy {
  std::filesystem::path store;
  std::vector<std::string> bare_names;     ///< that mean step plugins without "ostler://"
  std::vector<std::string> allowed;        ///< "id" or "id@1"; empty: every one in the store
  std::vector<std::string> with_services;  ///< ids of those that may start some
  std::vector<std::string> with_secrets_put = {};  ///< ids of those that may set secrets
  bool requires_pin = false;                       ///< only what plugins.lock names
  bool requires_signature = false;                 ///< only what one of `publishers` has signed
  FetchPolicy fetch = FetchPolicy::NoneOffered;
  std::vector<std::string> system_paths = {};  ///< that confined commands may read and execute
  bool allows_unconfined = false;       ///< commands for whose profile this kernel has no Landlock
  std::vector<std::string> publishers;  ///< keys, as Ed25519PublicKey::text has them
};

/// As the agent has put it into OSTLER_PLUGIN_STORE, _FETCH, _NAMES, _ALLOW, _SERVICES,
/// _SECRETS_PUT, _REQUIRE_PINNED, _REQUIRE_SIGNED, _SYSTEM_PATHS, _UNCONFINED_COMMANDS and
/// _PUBLISHER_KEYS.
PluginPolicy plugin_policy(const environment::Variables& variables);

}  // namespace ostler::plugin_host
