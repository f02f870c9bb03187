// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>

#include "plugin_host/bundle.hpp"
#include "plugin_host/lock_file.hpp"
#include "plugin_host/plugin_policy.hpp"

// Plugins that plugins.lock names and the store lacks, or has in a state in which they may not run.
namespace ostler::plugin_host {

/// Writes the archive of the plugin whose plugin.json has that SHA-256 into a new file. Must end in
/// a bounded time. What it writes is not trusted.
using DownloadPlugin =
    std::function<Result<void>(const LockedPlugin& plugin, const std::filesystem::path& to)>;

/// Errors: Denied when another one is installed than the lock pins.
Result<void> check_pin(const Bundle& bundle, const LockedPlugin& locked);

/// Whether what the store has under that version is what is locked, undamaged, and signed where the
/// policy wants that. Errors: NotFound when it has none; else what is wrong with it.
Result<void> check_installed(const LockedPlugin& plugin, const PluginPolicy& policy);

/// Puts the plugin into the store of the policy: just the one that is locked, and only when the
/// policy would let it run; in the place of one that check_installed refuses. Of any number of jobs
/// that want it at once, one downloads it. Returns whether this one did. Errors: those of
/// `download`; Denied when the policy is against it or something else came; UserFault with the
/// faults of what came; Timeout when another job's download does not end.
Result<bool> fetch_plugin(const LockedPlugin& plugin, const PluginPolicy& policy,
                          const DownloadPlugin& download);

}  // namespace ostler::plugin_host
