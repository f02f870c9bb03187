// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "files/kept_directory.hpp"
#include "plugin_host/box_run.hpp"
#include "plugin_host/bundle.hpp"
#include "plugin_host/step_resources.hpp"

// How the commands of a person run a plugin outside any build.
namespace ostler::cli {

/// A program that a plugin writes to and that reads no more ends that call, not this program.
void ignore_closed_pipes();

/// A run of the plugin with what its manifest asks for. Both directories are absolute paths.
Result<plugin_host::BoxSpec> box_spec_of(const plugin_host::Bundle& bundle,
                                         const std::string& workspace, const std::string& scratch);

/// The resources of a plugin beside what `spec` maps, where temporary files go.
/// Errors: as take_resources.
Result<plugin_host::StepResources> resources_of(const plugin_host::Bundle& bundle,
                                                const plugin_host::BoxSpec& spec);

/// The directory in `kept` that stays for the plugin, where its manifest asks for one; `spec` gets
/// it, too. It is in use until it goes.
Result<std::optional<files::KeptDirectory>> take_host_directory(const plugin_host::Bundle& bundle,
                                                                const std::filesystem::path& kept,
                                                                plugin_host::BoxSpec& spec);

/// At the end of its run; clears away those in `kept` that nobody uses any more.
Result<void> leave_host_directory(std::optional<files::KeptDirectory> directory,
                                  const std::filesystem::path& kept);

/// The configuration in a text, complete and valid. Errors: UserFault, with `place`.
Result<plugin_host::JsonValue> step_config_of(const plugin_host::Bundle& bundle,
                                              std::string_view text, const std::string& place);

/// No configuration is longer.
inline constexpr std::size_t kLongestStepConfig = 1u << 20;  // bytes

}  // namespace ostler::cli
