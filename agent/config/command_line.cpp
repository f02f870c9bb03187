// SPDX-License-Identifier: Apache-2.0
#include "config/command_line.hpp"

#include <CLI/CLI.hpp>

namespace ostler::config {
namespace {

CLI::Option* add(CLI::App& app, const Setting& setting, std::string& value) {
  const std::string flag = "--" + std::string(setting.name);
  const std::string meaning(setting.meaning);
  CLI::Option* option = setting.kind == Kind::Flag ? app.add_flag(flag, value, meaning)
                                                   : app.add_option(flag, value, meaning);
  option->envname(std::string(setting.variable));
  if (!setting.fallback.empty()) option->default_str(std::string(setting.fallback));
  if (setting.kind == Kind::List) return option->join(',');
  return option->take_last();
}

}  // namespace

Result<std::variant<GivenValues, HelpText>> parse_command_line(
    std::span<const Setting> settings, const std::vector<std::string>& arguments) {
  CLI::App app("Takes jobs from a hub (or any server of the Buildkite Agent API) and runs them.",
               "ostler agent start");
  std::vector<std::string> values(settings.size());
  std::vector<CLI::Option*> options;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    options.push_back(add(app, settings[i], values[i]));
  }
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    return HelpText{app.help()};
  } catch (const CLI::ParseError& failure) {
    return Error(Errc::UserFault,
                 std::string(failure.what()) + "; `ostler agent start --help` lists the flags");
  }
  GivenValues given;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    if (options[i]->count() > 0) given.emplace(settings[i].name, values[i]);
  }
  return given;
}

}  // namespace ostler::config
