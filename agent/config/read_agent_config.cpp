// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>

#include "config/agent_config.hpp"
#include "config/command_line.hpp"
#include "config/config_file.hpp"
#include "config/setting.hpp"
#include "config/values.hpp"
#include "files/file.hpp"

namespace ostler::config {
namespace {

constexpr std::size_t kLargestFile = 1u << 20;

const Setting* find_setting(std::string_view name) {
  const auto settings = agent_settings();
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [name](const Setting& setting) { return setting.name == name; });
  return found == settings.end() ? nullptr : &*found;
}

Result<void> apply(AgentConfig& config, const Setting& setting, std::string_view text,
                   std::string_view place) {
  auto applied = setting.apply(config, text);
  if (!applied) return std::move(applied).error().with_context(place);
  return success();
}

Result<void> apply_defaults(AgentConfig& config) {
  for (const Setting& setting : agent_settings()) {
    if (setting.fallback.empty()) continue;
    OSTLER_TRY(apply(config, setting, setting.fallback, setting.name));
  }
  return success();
}

Result<void> apply_file(AgentConfig& config, const std::filesystem::path& path) {
  OSTLER_TRY(auto text, files::read_file(path, kLargestFile));
  auto settings = parse_config_file(text);
  if (!settings) return std::move(settings).error().with_context(path.string());
  for (const FileSetting& given : settings.value()) {
    const std::string place = path.string() + ":" + std::to_string(given.line) + ": " + given.key;
    const Setting* setting = find_setting(given.key);
    if (setting == nullptr) {
      config.unknown_settings.push_back(place);
    } else {
      OSTLER_TRY(apply(config, *setting, given.value, place));
    }
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

Result<std::filesystem::path> default_state_path() {
  const char* base = std::getenv("XDG_STATE_HOME");
  return parse_path(base != nullptr && *base != '\0' ? std::string(base) + "/ostler/agent"
                                                     : "~/.local/state/ostler/agent");
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
  if (config.debug) config.log_level = "debug";
  return add_queue_tag(config);
}

}  // namespace

Result<std::variant<AgentConfig, HelpText>> read_agent_config(
    const std::vector<std::string>& arguments, const std::filesystem::path& program_directory) {
  OSTLER_TRY(auto parsed, parse_command_line(agent_settings(), arguments));
  if (auto* help = std::get_if<HelpText>(&parsed)) return std::move(*help);
  const auto& given = std::get<GivenValues>(parsed);
  AgentConfig config;
  OSTLER_TRY(apply_defaults(config));
  OSTLER_TRY(auto file, config_file(given, program_directory));
  if (!file.empty()) {
    OSTLER_TRY(apply_file(config, file));
  }
  for (const auto& [name, value] : given) {
    const Setting* setting = find_setting(name);
    OSTLER_TRY(
        apply(config, *setting, value, "--" + name + " or " + std::string(setting->variable)));
  }
  config.config = std::move(file);
  OSTLER_TRY(check(config));
  return config;
}

std::vector<std::string> agent_setting_variables() {
  std::vector<std::string> names;
  for (const Setting& setting : agent_settings()) names.emplace_back(setting.variable);
  return names;
}

}  // namespace ostler::config
