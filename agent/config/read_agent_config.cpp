// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <thread>

#include "config/agent_config.hpp"
#include "config/command_line.hpp"
#include "config/config_file.hpp"
#include "config/nearest_setting.hpp"
#include "config/setting.hpp"
#include "config/setting_readers.hpp"
#include "config/unsupported_settings.hpp"
#include "config/values.hpp"
#include "files/file.hpp"

namespace ostler::config {
namespace {

constexpr std::size_t kLargestFile = 1u << 20;

/// The row of `table` with that name; null: none.
template <class Row>
const Row* find_row(std::span<const Row> table, std::string_view name) {
  const auto found =
      std::find_if(table.begin(), table.end(), [name](const Row& row) { return row.name == name; });
  return found == table.end() ? nullptr : &*found;
}

std::string unknown_setting(const std::string& place, std::string_view name) {
  const auto near = nearest_setting(name);
  return near.empty() ? place : place + ", did you mean " + std::string(near) + "?";
}

/// Applies what was said of a setting; `place`: where, down to its name.
Result<void> apply(AgentConfig& config, std::string_view name, std::string_view text,
                   const std::string& place) {
  Result<void> applied = success();
  if (const Setting* setting = find_row(agent_settings(), name)) {
    applied = setting->apply(config, text);
  } else if (const auto* unsupported = find_row(unsupported_settings(), name)) {
    applied = check_without_effect(*unsupported, text);
  } else {
    config.unknown_settings.push_back(unknown_setting(place, name));
  }
  if (!applied) return std::move(applied).error().with_context(place);
  return success();
}

Result<void> apply_defaults(AgentConfig& config) {
  for (const Setting& setting : agent_settings()) {
    if (setting.fallback.empty()) continue;
    OSTLER_TRY(apply(config, setting.name, setting.fallback, std::string(setting.name)));
  }
  return success();
}

std::string variable_of(std::string_view name) {
  const Setting* setting = find_row(agent_settings(), name);
  return std::string(setting != nullptr ? setting->variable
                                        : find_row(unsupported_settings(), name)->variable);
}

Result<void> apply_file(AgentConfig& config, const std::filesystem::path& path) {
  OSTLER_TRY(auto text, files::read_file(path, kLargestFile));
  auto settings = parse_config_file(text);
  if (!settings) return std::move(settings).error().with_context(path.string());
  for (const FileSetting& given : settings.value()) {
    const std::string place = path.string() + ":" + std::to_string(given.line) + ": " + given.key;
    OSTLER_TRY(apply(config, given.key, given.value, place));
  }
  return success();
}

/// The file that was named, else one that lies where it is looked for.
Result<std::filesystem::path> config_file(const GivenValues& given,
                                          const std::filesystem::path& program_directory) {
  const auto named = given.find("config");
  if (named == given.end()) return find_config_file(program_directory);
  return parse_path(named->second);
}

Result<void> add_queue_tag(AgentConfig& config) {
  if (config.queue.empty()) return success();
  const bool has_queue = std::any_of(config.tags.begin(), config.tags.end(),
                                     [](const auto& tag) { return tag.starts_with("queue="); });
  if (has_queue) {
    return Error(Errc::UserFault, "queue: tags name a queue too; give one of --queue and --tags");
  }
  config.tags.push_back("queue=" + config.queue);
  return success();
}

Result<void> settle_spawn(AgentConfig& config) {
  if (config.spawn_per_cpu == 0) return success();
  if (config.spawn > 1) {
    return Error(Errc::UserFault, "spawn-per-cpu and spawn exclude each other; give one of them");
  }
  const auto processors = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  config.spawn = std::min(config.spawn_per_cpu * processors, kMostSlots);
  return success();
}

/// Hooks would change what jobs do, and nobody would run them.
Result<void> refuse_hooks(const std::filesystem::path& directory) {
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ec)) {
    if (!entry.is_regular_file(ec) || entry.path().extension() == ".sample") continue;
    return Error(Errc::UserFault,
                 "hooks-path: hooks are not supported yet: " + entry.path().string() +
                     "; remove it, or leave the setting out");
  }
  return success();
}

Result<void> check_hooks(const AgentConfig& config) {
  OSTLER_TRY(refuse_hooks(config.hooks_path));
  for (const auto& directory : config.additional_hooks_paths) {
    OSTLER_TRY(refuse_hooks(directory));
  }
  return success();
}

Result<void> check_acquire(const AgentConfig& config) {
  if (config.acquire_job.empty() || config.spawn == 1) return success();
  return Error(Errc::UserFault, "acquire-job runs one job: leave spawn and spawn-per-cpu out");
}

/// Either one alone would not do what its author thinks it does.
Result<void> check_signatures(const AgentConfig& config) {
  if (config.plugin_require_signed == !config.plugin_publisher_keys.empty()) return success();
  return Error(Errc::UserFault, config.plugin_require_signed
                                    ? "plugin-require-signed needs plugin-publisher-keys: without "
                                      "any no step plugin could run"
                                    : "plugin-publisher-keys are for plugin-require-signed: set "
                                      "that too, or plugins that nobody signed run");
}

Result<void> check(AgentConfig& config) {
  if (config.token.empty()) {
    return Error(Errc::UserFault,
                 "no token; give --token, BUILDKITE_AGENT_TOKEN or token= in the configuration "
                 "file (a hub writes one to agent-token in its data directory)");
  }
  if (config.build_path.empty()) {
    return Error(Errc::UserFault,
                 "no build path; give --build-path, BUILDKITE_BUILD_PATH or build-path= in the "
                 "configuration file");
  }
  if (config.state_path.empty()) {
    OSTLER_TRY(config.state_path, default_state_path());
  }
  if (config.plugin_store.empty()) config.plugin_store = config.state_path / kPluginStoreName;
  if (config.plugin_files.empty()) config.plugin_files = config.state_path / kPluginFilesName;
  if (config.debug) config.log_level = "debug";
  OSTLER_TRY(settle_spawn(config));
  OSTLER_TRY(check_acquire(config));
  OSTLER_TRY(check_signatures(config));
  OSTLER_TRY(check_hooks(config));
  return add_queue_tag(config);
}

}  // namespace

Result<std::variant<AgentConfig, HelpText>> read_agent_config(
    const std::vector<std::string>& arguments, const std::filesystem::path& program_directory) {
  OSTLER_TRY(auto parsed, parse_command_line(agent_settings(), unsupported_settings(), arguments));
  if (auto* help = std::get_if<HelpText>(&parsed)) return std::move(*help);
  const auto& given = std::get<GivenValues>(parsed);
  AgentConfig config;
  OSTLER_TRY(apply_defaults(config));
  OSTLER_TRY(auto file, config_file(given, program_directory));
  if (!file.empty()) {
    OSTLER_TRY(apply_file(config, file));
  }
  for (const auto& [name, value] : given) {
    OSTLER_TRY(apply(config, name, value, "--" + name + " or " + variable_of(name)));
  }
  config.config = std::move(file);
  OSTLER_TRY(check(config));
  return config;
}

Result<std::filesystem::path> default_state_path() {
  const char* base = std::getenv("XDG_STATE_HOME");
  return parse_path(base != nullptr && *base != '\0' ? std::string(base) + "/ostler/agent"
                                                     : "~/.local/state/ostler/agent");
}

std::vector<std::string> agent_setting_variables() {
  std::vector<std::string> names;
  for (const Setting& setting : agent_settings()) {
    names.emplace_back(setting.variable);
    if (!setting.other_variable.empty()) names.emplace_back(setting.other_variable);
  }
  for (const auto& setting : unsupported_settings()) names.emplace_back(setting.variable);
  return names;
}

}  // namespace ostler::config
