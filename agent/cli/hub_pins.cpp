// SPDX-License-Identifier: Apache-2.0
#include "cli/hub_pins.hpp"

#include "cli/published_plugins.hpp"
#include "console/plain_text.hpp"
#include "plugin_host/semantic_version.hpp"

namespace ostler::cli {

using plugin_host::LockedPlugin;
using plugin_host::StepReference;

namespace {

/// The newest version of any platform, where this one has none.
Result<std::string> newest_version(const std::vector<wire::RestPlugin>& all,
                                   const StepReference& wanted) {
  auto own = find_published(all, wanted, plugin_host::own_platform());
  if (own) return std::move(own).value().version;
  std::string newest;
  for (const auto& plugin : all) {
    if (plugin.name != wanted.id) continue;
    const auto other = find_published(all, wanted, plugin.platform);
    if (!other) continue;
    const std::string& version = other.value().version;
    if (newest.empty() || plugin_host::is_earlier(newest, version)) newest = version;
  }
  if (newest.empty()) return std::move(own).error();
  return newest;
}

/// What a hub says goes into a file of lines with words: it reads back as what it is, or not at
/// all.
Result<void> check_fits_lock(const LockedPlugin& plugin) {
  const auto again = plugin_host::read_lock_file(plugin_host::write_lock_file({plugin}));
  const bool is_it = again && again.value().size() == 1 && again.value()[0].id == plugin.id &&
                     again.value()[0].version == plugin.version &&
                     again.value()[0].platform == plugin.platform;
  if (is_it) return success();
  return Error(Errc::Protocol, "the hub says of " + plugin.id + " what plugins.lock cannot hold: " +
                                   console::plain_line(plugin.version + " " + plugin.platform));
}

}  // namespace

Result<void> HubPins::ask() {
  if (all_) return success();
  OSTLER_TRY(const auto access, find_access_to_organization(client_));
  HubClient hub(access.url, access.organization, access.token);
  OSTLER_TRY(const auto text, published_plugins_text(hub));
  OSTLER_TRY(all_, published_plugins(text));
  url_ = hub.url();
  return success();
}

Result<std::vector<LockedPlugin>> HubPins::of(const StepReference& wanted) {
  OSTLER_TRY(ask());
  OSTLER_TRY(const std::string version, newest_version(*all_, wanted));
  std::vector<LockedPlugin> pins;
  for (const auto& plugin : *all_) {
    if (plugin.name != wanted.id || plugin.version != version) continue;
    pins.push_back({plugin.name, plugin.version, plugin.platform, plugin.sha256});
    OSTLER_TRY(check_fits_lock(pins.back()));
  }
  return pins;
}

}  // namespace ostler::cli
