// SPDX-License-Identifier: Apache-2.0
#include "cli/run_plugins.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "cli/hub_client.hpp"
#include "cli/own_lock_file.hpp"
#include "cli/pipeline_plugins.hpp"
#include "cli/plugin_place.hpp"
#include "cli/plugin_publishers.hpp"
#include "cli/published_plugins.hpp"
#include "config/values.hpp"
#include "console/terminal.hpp"
#include "environment/variables.hpp"
#include "files/file.hpp"
#include "plugin_host/bundle.hpp"
#include "plugin_host/plugin_install.hpp"
#include "plugin_host/plugin_policy.hpp"
#include "plugin_host/plugin_store.hpp"
#include "plugin_host/policy_check.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;
using plugin_host::LockedPlugin;

namespace {

constexpr std::size_t kLargestNamedPipeline = 4u << 20;  // bytes

bool is_same(const LockedPlugin& a, const LockedPlugin& b) {
  return a.id == b.id && a.version == b.version;
}

/// What the pipeline names and the lock pins. Nothing where one of them cannot be read: the run
/// itself says why.
std::vector<LockedPlugin> pinned_of(const fs::path& file, const fs::path& repository,
                                    const plugin_host::PluginPolicy& policy) {
  std::vector<LockedPlugin> pinned;
  const auto lock = read_lock_file_at(lock_file_around(repository));
  if (!lock || lock.value().empty()) return pinned;
  const auto text = files::read_file(file, kLargestNamedPipeline);
  if (!text) return pinned;
  const auto wanted = step_plugins_of({file.string(), text.value()}, policy.bare_names);
  if (!wanted) return pinned;
  for (const auto& reference : wanted.value()) {
    const LockedPlugin* plugin = plugin_host::pinned_as(reference, lock.value());
    const auto is_it = [&](const LockedPlugin& other) { return is_same(other, *plugin); };
    if (plugin != nullptr && std::ranges::none_of(pinned, is_it)) pinned.push_back(*plugin);
  }
  return pinned;
}

/// The agent of the run obeys the same variables.
Result<bool> may_fetch() {
  constexpr const char* kNoFetch = "OSTLER_NO_PLUGIN_FETCH";
  const auto variables = environment::variables_of_process();
  const std::string text(environment::value_of(variables, kNoFetch));
  if (text.empty()) return true;
  OSTLER_TRY(const bool is_forbidden, config::parse_flag(text));
  return !is_forbidden;
}

/// Its plugin.json or its signature is damaged or gone.
bool cannot_be_read(const Result<plugin_host::Bundle>& bundle) {
  if (bundle) return false;
  const Errc code = bundle.error().code();
  return code == Errc::UserFault || code == Errc::Corrupt || code == Errc::NotFound;
}

Result<void> fetch_one(HubClient& hub, const LockedPlugin& pinned,
                       const std::vector<wire::RestPlugin>& all, const fs::path& store) {
  OSTLER_TRY(const auto plugin, find_pinned(all, pinned));
  OSTLER_TRY(const auto scratch, make_scratch_directory());
  OSTLER_TRY(const auto bundle, fetch_published(hub, plugin, scratch.path()));
  OSTLER_TRY(publisher_where_wanted(bundle, {}));
  OSTLER_TRY(plugin_host::install_bundle(bundle, store, plugin_host::Replace::No));
  return success();
}

/// What is in the store as another one than the lock pins is none of this: the run refuses it.
bool is_damaged(const plugin_host::Bundle& bundle, const LockedPlugin& plugin) {
  return bundle.sha256 == plugin.sha256 && !plugin_host::check_files(bundle);
}

bool is_missing(const LockedPlugin& plugin, const fs::path& store) {
  const auto directory = plugin_host::find_in_store(store, {plugin.id, plugin.version});
  if (!directory) return true;
  const auto bundle = plugin_host::open_bundle(directory.value());
  return bundle ? is_damaged(bundle.value(), plugin) : cannot_be_read(bundle);
}

void say_missing(const LockedPlugin& plugin, const fs::path& store, const Error& why) {
  std::error_code error;
  const bool is_there = fs::exists(store / plugin.id / plugin.version, error);
  console::print_plain(plugin.id + "#" + plugin.version + ", which plugins.lock pins, is " +
                       (is_there ? "damaged" : "not installed") + " here and was not fetched:");
  console::print_plain("  " + why.message());
}

Result<std::vector<wire::RestPlugin>> all_of(HubClient& hub) {
  OSTLER_TRY(const auto text, published_plugins_text(hub));
  return published_plugins(text);
}

void fetch_all(const std::vector<LockedPlugin>& missing, const fs::path& store,
               const ClientFlags& client) {
  const auto say_none = [&](const Error& why) {
    for (const LockedPlugin& plugin : missing) say_missing(plugin, store, why);
  };
  const auto access = find_access_to_organization(client);
  if (!access) return say_none(access.error());
  HubClient hub(access.value().url, access.value().organization, access.value().token);
  const auto all = all_of(hub);
  if (!all) return say_none(all.error());
  for (const LockedPlugin& plugin : missing) {
    const auto fetched = fetch_one(hub, plugin, all.value(), store);
    if (!fetched) say_missing(plugin, store, fetched.error());
  }
}

}  // namespace

void fetch_pinned_plugins(const fs::path& file, const fs::path& repository,
                          const ClientFlags& client) {
  const auto policy = plugin_host::plugin_policy(environment::variables_of_process());
  const auto store = standard_plugin_store();
  const auto may = may_fetch();
  if (!store || !may || !may.value()) return;
  std::vector<LockedPlugin> missing = pinned_of(file, repository, policy);
  std::erase_if(missing, [&](const LockedPlugin& plugin) {
    return !is_missing(plugin, store.value()) ||
           !plugin_host::check_allowed(plugin.id, plugin.version, policy);
  });
  if (!missing.empty()) fetch_all(missing, store.value(), client);
}

}  // namespace ostler::cli
