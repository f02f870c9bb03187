// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/pipeline_input.hpp"
#include "pipeline/fault_list.hpp"
#include "plugin_host/bundle.hpp"
#include "plugin_host/lock_file.hpp"

namespace ostler::cli {

/// Step plugins that are here, whose schemas pipelines are held against.
class KnownPlugins {
 public:
  /// `store`: empty for the standard one; `directories` of plugins that lie elsewhere.
  /// Errors: those of open_bundle for a directory.
  static Result<KnownPlugins> find(const std::string& store,
                                   const std::vector<std::string>& directories);

  /// The plugin that a source of a pipeline means, as plugins.lock of this repository pins it; none
  /// when it is no step plugin, or not here.
  std::optional<plugin_host::Manifest> meant_by(const std::string& source) const;

  /// Why a job with that source would fail, on agents like those of this machine, and what to do:
  /// it is a plugin of hooks, or neither installed here nor pinned. Empty: it may run.
  std::string doubt_about(const std::string& source) const;

 private:
  std::optional<std::filesystem::path> store_;
  std::vector<std::string> bare_names_;
  std::vector<plugin_host::LockedPlugin> lock_;
  std::vector<plugin_host::Manifest> manifests_;
};

/// What stands above doubts.
inline constexpr const char* kPluginWarnings = "warnings: jobs with these plugins may fail";

/// Adds what the schemas have against the configurations of step plugins, where that can be told
/// before variables and matrices are filled in; to `doubts` what there is against the plugins
/// themselves, once for each.
void lint_plugins(const PipelineInput& input, const KnownPlugins& known,
                  pipeline::FaultList& faults, pipeline::FaultList& doubts);

}  // namespace ostler::cli
