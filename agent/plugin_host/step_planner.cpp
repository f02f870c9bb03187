// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_planner.hpp"

#include <algorithm>

#include "base/joined.hpp"
#include "plugin_host/bundle_code.hpp"
#include "plugin_host/call_filter.hpp"
#include "plugin_host/config_schema.hpp"
#include "plugin_host/plugin_store.hpp"
#include "plugin_host/policy_check.hpp"

namespace ostler::plugin_host {
namespace {

Error not_in_lock(const StepReference& wanted, const std::vector<std::string>& all,
                  bool has_own_platform) {
  return Error(
      Errc::NotFound,
      std::string(kLockFileName) + " has " + wanted.id + " " + joined(all, ", ") +
          (has_own_platform ? ", but none that " + wanted.text() + " means; change that, or"
                            : ", but not for " + own_platform() + ";") +
          " run `ostler plugin lock` here and commit it");
}

/// What the lock has for the plugin; null when it does not name it.
/// Errors: NotFound when it names others than the one that is meant.
Result<const LockedPlugin*> locked_as(const StepReference& wanted,
                                      const std::vector<LockedPlugin>& lock) {
  if (const LockedPlugin* pinned = pinned_as(wanted, lock)) return pinned;
  std::vector<std::string> all;
  bool has_own_platform = false;
  for (const LockedPlugin& plugin : lock) {
    if (plugin.id != wanted.id) continue;
    all.push_back(plugin.version + " for " + plugin.platform);
    has_own_platform = has_own_platform || plugin.platform == own_platform();
  }
  if (all.empty()) return static_cast<const LockedPlugin*>(nullptr);
  return not_in_lock(wanted, all, has_own_platform);
}

/// Why what the lock names is not there, when it does not come either.
Error not_fetched(const Error& missing, FetchPolicy fetch) {
  return Error(missing.code(),
               missing.message() +
                   (fetch == FetchPolicy::Forbidden
                        ? "; this agent fetches none (no-plugin-fetch)"
                        : "; the server of this agent has none to fetch: it is no Ostler hub, or "
                          "one of an earlier version"));
}

/// Has the store hold what the lock names, as it may run. Where nothing can be fetched, what is
/// there is judged as it is.
Result<void> have_locked(const LockedPlugin& locked, const PluginPolicy& policy,
                         const DownloadPlugin& download) {
  const auto found = find_in_store(policy.store, {locked.id, locked.version});
  if (policy.fetch != FetchPolicy::FromHub) {
    if (found) return success();
    return not_fetched(found.error(), policy.fetch);
  }
  auto fetched = fetch_plugin(locked, policy, download);
  if (fetched) return success();
  const auto there = check_installed(locked, policy);
  if (!found || there) return std::move(fetched).error();
  return Error(fetched.error().code(), there.error().message() + "\n" + fetched.error().message());
}

Result<Bundle> find_bundle(const StepReference& wanted, const PluginPolicy& policy,
                           const std::vector<LockedPlugin>& lock, const DownloadPlugin& download) {
  OSTLER_TRY(const LockedPlugin* locked, locked_as(wanted, lock));
  if (locked == nullptr && policy.requires_pin) {
    return Error(Errc::Denied, "this agent runs only plugins that " + std::string(kLockFileName) +
                                   " names (plugin-require-pinned); run `ostler plugin lock` and "
                                   "commit it");
  }
  const StepReference exact =
      locked == nullptr ? wanted : StepReference{locked->id, locked->version};
  if (locked != nullptr) {
    OSTLER_TRY(check_allowed(locked->id, locked->version, policy));
    OSTLER_TRY(have_locked(*locked, policy, download));
  }
  OSTLER_TRY(const auto directory, find_in_store(policy.store, exact));
  OSTLER_TRY(Bundle bundle, open_bundle(directory));
  if (bundle.manifest.id != directory.parent_path().filename() ||
      bundle.manifest.version != directory.filename()) {
    return Error(Errc::UserFault, directory.string() + " holds " + bundle.manifest.reference() +
                                      "; install it with `ostler plugin install`");
  }
  if (locked != nullptr) {
    OSTLER_TRY(check_pin(bundle, *locked));
  }
  OSTLER_TRY(check_allowed(bundle.manifest.id, bundle.manifest.version, policy));
  OSTLER_TRY(check_publisher(bundle, policy));
  OSTLER_TRY(check_services(bundle, policy));
  OSTLER_TRY(check_secrets_put(bundle, policy));
  return bundle;
}

}  // namespace

Result<PlannedStep> plan_step(const StepReference& wanted, const JsonValue& config,
                              const PluginPolicy& policy, const std::vector<LockedPlugin>& lock,
                              const DownloadPlugin& download, const PlanFiles& into) {
  auto bundle = find_bundle(wanted, policy, lock, download);
  if (!bundle) return std::move(bundle).error().with_context("ostler://" + wanted.text());
  const Manifest& manifest = bundle.value().manifest;
  // BUILDKITE_PLUGINS does not say which of its strings were variables.
  auto complete = complete_config(manifest.schema, config, ConfigTexts::OfVariables);
  if (!complete) return std::move(complete).error().with_context(manifest.reference());
  auto secrets = permitted_secrets(manifest.permissions, complete.value());
  if (!secrets) return std::move(secrets).error().with_context(manifest.reference());
  std::vector<std::string> services = manifest.permissions.services;
  auto puts = permitted_puts(manifest.permissions, complete.value());
  if (!puts) return std::move(puts).error().with_context(manifest.reference());
  if (manifest.permissions.secrets || !puts.value().empty()) services.push_back("secret");
  auto hosts = permitted_hosts(manifest.permissions, complete.value());
  if (!hosts) return std::move(hosts).error().with_context(manifest.reference());
  if (!hosts.value().empty()) services.push_back("http");
  const auto commands = check_commands(manifest.permissions.commands, policy, landlock_version());
  if (!commands) return Error(commands.error()).with_context(manifest.reference());
  auto code = take_code(bundle.value(), into.code, *into.bytes_left);
  if (!code) return std::move(code).error().with_context(manifest.reference());
  auto resources = take_resources(bundle.value(), into.resources, *into.bytes_left, code.value());
  if (!resources) return std::move(resources).error().with_context(manifest.reference());
  return PlannedStep{.id = manifest.id,
                     .version = manifest.version,
                     .library = manifest.library,
                     .is_program = manifest.is_program,
                     .interpreter = manifest.interpreter,
                     .libraries = {code.value().begin() + 1, code.value().end()},
                     .resources = std::move(resources).value(),
                     .network = manifest.permissions.network,
                     .commands = commands.value(),
                     .system_paths = policy.system_paths,
                     .workspace = manifest.permissions.workspace,
                     .host_directory = manifest.permissions.host_directory,
                     .services = std::move(services),
                     .secrets = std::move(secrets).value(),
                     .secrets_put = std::move(puts).value(),
                     .hosts = std::move(hosts).value(),
                     .config = std::move(complete).value()};
}

}  // namespace ostler::plugin_host
