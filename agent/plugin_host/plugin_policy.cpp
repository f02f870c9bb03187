// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/plugin_policy.hpp"

#include <algorithm>
#include <string_view>

#include "plugin_host/command_profile.hpp"

namespace ostler::plugin_host {
namespace {

std::vector<std::string> names_of(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (end > 0) names.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return names;
}

/// A list that is set and names none allows none: its own text is the name of no plugin.
std::vector<std::string> allowed_by(const std::string& list) {
  std::vector<std::string> names = names_of(list);
  if (names.empty() && !list.empty()) names.push_back(list);
  return names;
}

FetchPolicy fetch_policy(const std::string& text) {
  if (text == "hub") return FetchPolicy::FromHub;
  return text == "forbidden" ? FetchPolicy::Forbidden : FetchPolicy::NoneOffered;
}

/// Those of every system, and those that the operator names.
std::vector<std::string> system_paths_of(const std::string& list) {
  std::vector<std::string> paths = usual_system_paths();
  const std::vector<std::string> named = names_of(list);
  paths.insert(paths.end(), named.begin(), named.end());
  return paths;
}

}  // namespace

PluginPolicy plugin_policy(const environment::Variables& variables) {
  using environment::value_of;
  return {.store = value_of(variables, "OSTLER_PLUGIN_STORE"),
          .bare_names = names_of(value_of(variables, "OSTLER_PLUGIN_NAMES")),
          .allowed = allowed_by(value_of(variables, "OSTLER_PLUGIN_ALLOW")),
          .with_services = names_of(value_of(variables, "OSTLER_PLUGIN_SERVICES")),
          .with_secrets_put = names_of(value_of(variables, "OSTLER_PLUGIN_SECRETS_PUT")),
          .requires_pin = value_of(variables, "OSTLER_PLUGIN_REQUIRE_PINNED") == "true",
          .requires_signature = value_of(variables, "OSTLER_PLUGIN_REQUIRE_SIGNED") == "true",
          .fetch = fetch_policy(value_of(variables, "OSTLER_PLUGIN_FETCH")),
          .system_paths = system_paths_of(value_of(variables, "OSTLER_PLUGIN_SYSTEM_PATHS")),
          .allows_unconfined = value_of(variables, "OSTLER_PLUGIN_UNCONFINED_COMMANDS") == "true",
          .publishers = names_of(value_of(variables, "OSTLER_PLUGIN_PUBLISHER_KEYS"))};
}

}  // namespace ostler::plugin_host
