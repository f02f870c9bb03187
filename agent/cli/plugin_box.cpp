// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_box.hpp"

#include <csignal>
#include <cstdlib>

#include "cli/plugin_place.hpp"
#include "config/agent_config.hpp"
#include "plugin_host/bundle_code.hpp"
#include "plugin_host/call_filter.hpp"
#include "plugin_host/config_schema.hpp"
#include "plugin_host/host_directory.hpp"
#include "plugin_host/policy_check.hpp"

namespace ostler::cli {

using plugin_host::BoxSpec;
using plugin_host::Bundle;
using plugin_host::JsonValue;

void ignore_closed_pipes() { std::signal(SIGPIPE, SIG_IGN); }

Result<BoxSpec> box_spec_of(const Bundle& bundle, const std::string& workspace,
                            const std::string& scratch) {
  using plugin_host::WorkspaceAccess;
  const plugin_host::Manifest& manifest = bundle.manifest;
  BoxSpec spec;
  OSTLER_TRY(spec.program, box_program());
  OSTLER_TRY(spec.code, plugin_host::take_code(bundle));
  spec.is_program = manifest.is_program;
  spec.interpreter = manifest.interpreter;
  spec.id = manifest.id;
  spec.version = manifest.version;
  spec.network = manifest.permissions.network;
  const auto policy = plugin_host::plugin_policy(environment::variables_of_process());
  OSTLER_TRY(const auto commands, check_commands(manifest.permissions.commands, policy,
                                                 plugin_host::landlock_version()));
  if (commands != plugin_host::CommandProfile::None) {
    spec.commands = {.directory = workspace,
                     .profile = commands,
                     .scratch = scratch,
                     .system_paths = policy.system_paths,
                     .network = manifest.permissions.network};
  }
  spec.checks_threads = !manifest.is_program;
  spec.directory = scratch;
  spec.paths = {{scratch, "write"}};
  spec.facts = {{"scratch", scratch}};
  if (manifest.permissions.workspace != WorkspaceAccess::None) {
    const bool writes = manifest.permissions.workspace == WorkspaceAccess::Write;
    spec.paths.emplace_back(workspace, writes ? "write" : "read");
    spec.facts.emplace_back("workspace", workspace);
    spec.directory = workspace;
  }
  return spec;
}

Result<plugin_host::StepResources> resources_of(const Bundle& bundle, const BoxSpec& spec) {
  OSTLER_TRY(const UniqueFd packed, plugin_host::memory_file());
  std::uint64_t bytes_left = plugin_host::kMostResourceBytes;
  std::vector<std::string> code;
  for (const auto& one : spec.code) code.push_back(one.name);
  OSTLER_TRY(const auto resources,
             plugin_host::take_resources(bundle, packed.get(), bytes_left, code));
  const char* parent = std::getenv("TMPDIR");
  return plugin_host::StepResources::unpack(parent == nullptr ? "" : parent, resources,
                                            packed.get());
}

Result<std::optional<files::KeptDirectory>> take_host_directory(const Bundle& bundle,
                                                                const std::filesystem::path& kept,
                                                                BoxSpec& spec) {
  const plugin_host::Manifest& manifest = bundle.manifest;
  if (!manifest.permissions.host_directory) return std::optional<files::KeptDirectory>();
  std::error_code ec;
  const auto place = std::filesystem::canonical(bundle.directory, ec);
  if (ec) return Error::from_errno(ec.value(), "find " + bundle.directory.string());
  const auto name = plugin_host::host_directory_name(manifest.id, {"bundle", place.string()});
  OSTLER_TRY(auto taken, files::KeptDirectory::take(kept / config::kPluginFilesName, name,
                                                    manifest.id + " outside any build"));
  plugin_host::give_host_directory(spec, taken.path());
  return std::optional(std::move(taken));
}

Result<void> leave_host_directory(std::optional<files::KeptDirectory> directory,
                                  const std::filesystem::path& kept) {
  if (!directory) return success();
  return plugin_host::leave_host_directory(std::move(*directory), kept / config::kPluginFilesName);
}

Result<JsonValue> step_config_of(const Bundle& bundle, std::string_view text,
                                 const std::string& place) {
  auto parsed = plugin_host::parse_json(text);
  if (!parsed) return std::move(parsed).error().with_context(place);
  return plugin_host::complete_config(bundle.manifest.schema, std::move(parsed).value());
}

}  // namespace ostler::cli
