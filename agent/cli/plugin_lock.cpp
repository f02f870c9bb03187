// SPDX-License-Identifier: Apache-2.0
// `ostler plugin lock`: pins the step plugins of a repository.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

#include "cli/exit.hpp"
#include "cli/hub_pins.hpp"
#include "cli/options.hpp"
#include "cli/own_lock_file.hpp"
#include "cli/pipeline_input.hpp"
#include "cli/pipeline_plugins.hpp"
#include "cli/plugin_json.hpp"
#include "cli/plugin_place.hpp"
#include "cli/run_functions.hpp"
#include "console/terminal.hpp"
#include "environment/variables.hpp"
#include "files/file.hpp"
#include "plugin_host/bundle.hpp"
#include "plugin_host/lock_file.hpp"
#include "plugin_host/plugin_policy.hpp"
#include "plugin_host/plugin_store.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;
using plugin_host::LockedPlugin;
using plugin_host::StepReference;

namespace {

constexpr const char* kLockExamples =
    "Examples:\n"
    "  ostler plugin lock\n"
    "  ostler plugin lock .buildkite/pipeline.yml --plugin greet#1\n";
constexpr mode_t kLockFileMode = 0644;

Result<LockedPlugin> pin(const StepReference& wanted, const fs::path& store) {
  OSTLER_TRY(const fs::path directory, plugin_host::find_in_store(store, wanted));
  OSTLER_TRY(const auto bundle, plugin_host::open_bundle(directory));
  return LockedPlugin{bundle.manifest.id, bundle.manifest.version, plugin_host::own_platform(),
                      bundle.sha256};
}

struct LockOptions {
  ClientFlags client;
  std::vector<std::string> files;
  std::vector<std::string> plugins;
  std::string store;
  bool as_json = false;
};

/// Without any, and with a plugin that is named, no file says what the repository uses.
bool reads_files(const LockOptions& options) {
  return !options.files.empty() || options.plugins.empty();
}

bool is_in(const std::vector<LockedPlugin>& list, const LockedPlugin& plugin) {
  return std::ranges::any_of(list, [&](const LockedPlugin& other) {
    return other.id == plugin.id && other.version == plugin.version &&
           other.platform == plugin.platform;
  });
}

/// Whether an entry of before stays: without a file that says what the repository uses, that of a
/// plugin which was not named; of what is pinned now, that of the same version for another
/// platform.
bool stays(const LockedPlugin& old, const std::vector<LockedPlugin>& fresh,
           const LockOptions& options) {
  if (std::ranges::find(fresh, old.id, &LockedPlugin::id) == fresh.end()) {
    return !reads_files(options);
  }
  return old.platform != plugin_host::own_platform() && !is_in(fresh, old) &&
         std::ranges::any_of(fresh, [&](const LockedPlugin& plugin) {
           return plugin.id == old.id && plugin.version == old.version;
         });
}

std::string named(const LockedPlugin& plugin) {
  return plugin.id + "#" + plugin.version + " for " + plugin.platform;
}

/// Adds what stays to what is pinned. Returns what is no longer pinned.
std::vector<LockedPlugin> add_kept(std::vector<LockedPlugin>& pinned,
                                   const std::vector<LockedPlugin>& before,
                                   const LockOptions& options) {
  const std::vector<LockedPlugin> fresh = pinned;
  std::vector<LockedPlugin> removed;
  for (const LockedPlugin& old : before) {
    if (stays(old, fresh, options)) {
      pinned.push_back(old);
    } else if (!is_in(fresh, old)) {
      removed.push_back(old);
    }
  }
  return removed;
}

Result<std::vector<StepReference>> wanted_plugins(const LockOptions& options) {
  std::vector<StepReference> wanted;
  for (const std::string& plugin : options.plugins) {
    wanted.push_back(plugin_host::read_step_reference(plugin));
  }
  if (!reads_files(options)) return wanted;
  const auto policy = plugin_host::plugin_policy(environment::variables_of_process());
  OSTLER_TRY(const auto inputs, pipeline_inputs("plugin lock", options.files));
  for (const PipelineInput& input : inputs) {
    OSTLER_TRY(const auto named, step_plugins_of(input, policy.bare_names));
    wanted.insert(wanted.end(), named.begin(), named.end());
  }
  return wanted;
}

/// Whether the store has none that is meant: several that may be meant are its owner's to tell
/// apart.
bool lacks(const fs::path& store, const StepReference& wanted) {
  return !plugin_host::find_in_store(store, wanted) &&
         (!wanted.version.empty() || plugin_host::versions_in_store(store, wanted.id).empty());
}

/// As it is installed here, else as the hub has it.
Result<std::vector<LockedPlugin>> pins_of(const StepReference& wanted, const fs::path& store,
                                          HubPins& hub) {
  auto here = pin(wanted, store);
  if (here) return std::vector<LockedPlugin>{here.value()};
  if (!lacks(store, wanted)) return std::move(here).error();
  auto there = hub.of(wanted);
  if (there) return there;
  return Error(there.error().code(),
               here.error().message() + "; nor does a hub give it: " + there.error().message());
}

std::string told_pin(const StepReference& wanted, const LockedPlugin& plugin) {
  const bool is_own = plugin.platform == plugin_host::own_platform();
  return wanted.text() + " is " + plugin.id + "#" + plugin.version +
         (is_own ? "" : " for " + plugin.platform) + " sha256:" + plugin.sha256;
}

/// What the plugins that are wanted are. Tells of each, unless programs read it.
Result<std::vector<LockedPlugin>> pin_all(const LockOptions& options) {
  OSTLER_TRY(const fs::path store, plugin_store(options.store));
  OSTLER_TRY(const auto wanted, wanted_plugins(options));
  std::vector<LockedPlugin> plugins;
  HubPins hub(options.client);
  for (const StepReference& reference : wanted) {
    const bool is_of_hub = lacks(store, reference);
    OSTLER_TRY(const auto pins, pins_of(reference, store, hub));
    for (const LockedPlugin& plugin : pins) {
      if (is_in(plugins, plugin)) continue;
      if (!options.as_json) {
        console::print_plain(told_pin(reference, plugin) +
                             (is_of_hub ? " as " + hub.url() + " has it" : ""));
      }
      plugins.push_back(plugin);
    }
  }
  return plugins;
}

/// Of other platforms: what goes of this one was named above it.
void tell_removed(const std::vector<LockedPlugin>& removed) {
  for (const LockedPlugin& plugin : removed) {
    if (plugin.platform == plugin_host::own_platform()) continue;
    console::print_plain(named(plugin) + " is no longer pinned");
  }
}

Result<void> lock_plugins(const LockOptions& options) {
  const fs::path file = own_lock_file();
  OSTLER_TRY(const auto before, read_lock_file_at(file));
  OSTLER_TRY(auto plugins, pin_all(options));
  const auto removed = add_kept(plugins, before, options);
  if (!options.as_json) tell_removed(removed);
  OSTLER_TRY(
      files::write_file_atomically(file, plugin_host::write_lock_file(plugins), kLockFileMode));
  if (options.as_json) {
    console::Terminal::of_standard_output().print_line(locked_plugins_json(file, plugins, removed));
  } else {
    console::print_plain("wrote " + file.string() + "; commit it");
  }
  return success();
}

}  // namespace

int run_plugin_lock(const Arguments& arguments) {
  CLI::App app(
      "Writes plugins.lock: which bytes the step plugins of this repository are, as they are "
      "installed here, or else as the hub has them",
      "plugin lock");
  LockOptions options;
  app.add_option("FILES", options.files,
                 "Pipeline files; without any: standard input, else the file with a customary "
                 "name, such as .buildkite/pipeline.yml");
  app.add_option("--plugin", options.plugins,
                 "ID or ID#VERSION of one that no file names, as steps that are uploaded later do; "
                 "may be given several times")
      ->allow_extra_args(false);
  app.add_option("--store", options.store, kPluginStoreHelp);
  app.add_flag("--json", options.as_json, "As a JSON object: what the file has now, and lost");
  take_client_flags(app, options.client);
  app.footer(kLockExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto done = lock_plugins(options);
  return done ? kExitOk : fail(done.error());
}

}  // namespace ostler::cli
