// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_publishers.hpp"

#include "config/publisher_key.hpp"
#include "config/values.hpp"
#include "environment/variables.hpp"
#include "plugin_host/bundle_signature.hpp"
#include "plugin_host/plugin_policy.hpp"

namespace ostler::cli {

using crypto::Ed25519PublicKey;

namespace {

/// The policy that the host's environment gives an agent, whose words for a flag are more than the
/// two that it gives its jobs.
Result<plugin_host::PluginPolicy> policy_of_host() {
  constexpr const char* kFlag = "OSTLER_PLUGIN_REQUIRE_SIGNED";
  auto variables = environment::variables_of_process();
  const auto is_on = config::parse_flag(environment::value_of(variables, kFlag));
  if (!is_on) return Error(is_on.error()).with_context(kFlag);
  variables[kFlag] = is_on.value() ? "true" : "false";
  return plugin_host::plugin_policy(variables);
}

}  // namespace

Result<std::vector<Ed25519PublicKey>> publisher_keys(const std::vector<std::string>& named) {
  std::vector<Ed25519PublicKey> keys;
  for (const std::string& name : named) {
    OSTLER_TRY(const auto key, config::read_publisher_key(name));
    keys.push_back(key);
  }
  return keys;
}

Result<std::optional<Ed25519PublicKey>> publisher_where_wanted(
    const plugin_host::Bundle& bundle, const std::vector<std::string>& named) {
  OSTLER_TRY(const auto policy, policy_of_host());
  if (named.empty() && !policy.requires_signature) return std::optional<Ed25519PublicKey>();
  OSTLER_TRY(const auto keys, publisher_keys(named.empty() ? policy.publishers : named));
  OSTLER_TRY(const auto publisher, plugin_host::check_signature(bundle, keys));
  return std::optional(publisher);
}

}  // namespace ostler::cli
