// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin_host/json_value.hpp"

// The plugins of a job as BUILDKITE_PLUGINS has them, and which of them are step plugins.
namespace ostler::plugin_host {

/// One plugin of a job.
struct PluginCall {
  std::string source;  ///< as the pipeline names it, or as `pipeline upload` wrote it out
  JsonValue config;    ///< null: none
};

/// A list of sources, or of objects with configurations by source. Nothing but blanks is no plugin.
/// Errors: UserFault for another shape. Source: job-lifecycle 4.1.
Result<std::vector<PluginCall>> read_plugin_calls(std::string_view json);

/// Which step plugin is meant.
struct StepReference {
  std::string id;
  std::string version;  ///< "1", "1.2" or "1.2.3"; empty: any

  std::string text() const { return version.empty() ? id : id + "#" + version; }
};

/// "id", "id#1" or "id#v1.2.3".
StepReference read_step_reference(std::string_view text);

/// The step plugin that `source` means: every "ostler://id#version", and a name of `bare_names`
/// with or without version, also as it is written out ("github.com/buildkite-plugins/
/// id-buildkite-plugin#version"). None: it is a plugin of hooks.
std::optional<StepReference> step_reference(std::string_view source,
                                            const std::vector<std::string>& bare_names);

/// The short name in a source, as a person writes it: "docker" of "docker#v1" and of what that is
/// written out as. Empty for one that has none.
std::string bare_name(std::string_view source);

/// Whether `version` is what a reference to `wanted` may mean: "1" means 1.2.3, not 1.2.3-beta.
bool version_fits(std::string_view version, std::string_view wanted);

}  // namespace ostler::plugin_host
