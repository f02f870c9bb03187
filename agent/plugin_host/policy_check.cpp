// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/policy_check.hpp"

#include <algorithm>

#include "plugin_host/bundle_signature.hpp"
#include "plugin_host/step_reference.hpp"

namespace ostler::plugin_host {
namespace {

/// `entry` is "id", "id@1" or "id#1".
bool allows(const std::string& entry, const std::string& id, const std::string& version) {
  const std::size_t mark = std::min(entry.find_first_of("#@"), entry.size());
  if (entry.substr(0, mark) != id) return false;
  return mark == entry.size() || version_fits(version, entry.substr(mark + 1));
}

}  // namespace

Result<void> check_allowed(const std::string& id, const std::string& version,
                           const PluginPolicy& policy) {
  const auto fits = [&](const std::string& entry) { return allows(entry, id, version); };
  if (policy.allowed.empty() || std::ranges::any_of(policy.allowed, fits)) return success();
  return Error(Errc::Denied, "this agent does not allow " + id + "#" + version + " (plugin-allow)");
}

Result<CommandProfile> check_commands(CommandProfile wanted, const PluginPolicy& policy,
                                      int landlock) {
  if (wanted != CommandProfile::Workspace || landlock > 0) return wanted;
  if (policy.allows_unconfined) return CommandProfile::Host;
  return Error(Errc::Denied,
               "its commands shall be held to the workspace, and this kernel has no Landlock to do "
               "that (plugin-unconfined-commands lets them run as a hook does)");
}

Result<void> check_services(const Bundle& bundle, const PluginPolicy& policy) {
  const auto& services = bundle.manifest.permissions.services;
  if (std::ranges::find(services, "service") == services.end()) return success();
  const auto& permitted = policy.with_services;
  if (std::ranges::find(permitted, bundle.manifest.id) != permitted.end()) return success();
  return Error(Errc::Denied, bundle.manifest.reference() +
                                 " starts services that outlive its jobs, which this agent does "
                                 "not let it; list " +
                                 bundle.manifest.id + " in plugin-services");
}

Result<void> check_secrets_put(const Bundle& bundle, const PluginPolicy& policy) {
  if (bundle.manifest.permissions.secrets_put.empty()) return success();
  const auto& permitted = policy.with_secrets_put;
  if (std::ranges::find(permitted, bundle.manifest.id) != permitted.end()) return success();
  return Error(Errc::Denied, bundle.manifest.reference() +
                                 " sets secrets of the hub, which this agent does not let it; "
                                 "list " +
                                 bundle.manifest.id + " in plugin-secrets-put");
}

Result<void> check_publisher(const Bundle& bundle, const PluginPolicy& policy) {
  if (!policy.requires_signature) return success();
  std::vector<crypto::Ed25519PublicKey> publishers;
  for (const std::string& text : policy.publishers) {
    OSTLER_TRY(const auto key, crypto::Ed25519PublicKey::from_text(text));
    publishers.push_back(key);
  }
  const auto publisher = check_signature(bundle, publishers);
  if (publisher) return success();
  return Error(Errc::Denied,
               "this agent runs only plugins that a publisher it knows has signed "
               "(plugin-require-signed): " +
                   publisher.error().message());
}

}  // namespace ostler::plugin_host
