// SPDX-License-Identifier: Apache-2.0
#include "config/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "config/help_page.hpp"
#include "config/nearest_setting.hpp"
#include "config/plain_words.hpp"

namespace ostler::config {
namespace {

CLI::Option* add(CLI::App& app, std::string_view name, std::string_view variable, Kind kind,
                 std::string_view meaning, std::string& value) {
  const std::string flag = "--" + std::string(name);
  CLI::Option* option = kind == Kind::Flag ? app.add_flag(flag, value, std::string(meaning))
                                           : app.add_option(flag, value, std::string(meaning));
  option->envname(std::string(variable));
  if (kind == Kind::List) return option->join(',');
  return option->take_last();
}

/// The options of one command line, with the texts that they read.
class Options {
 public:
  explicit Options(std::size_t count) : values_(count) {}

  void add_supported(CLI::App& app, const Setting& setting) {
    CLI::Option* option =
        add(app, setting.name, setting.variable, setting.kind, setting.meaning, next_value());
    if (!setting.fallback.empty()) option->default_str(std::string(setting.fallback));
    options_.push_back({setting.name, setting.other_variable, option});
  }

  void add_unsupported(CLI::App& app, const UnsupportedSetting& setting) {
    CLI::Option* option = add(app, setting.name, setting.variable, setting.kind, "", next_value());
    option->group("");  // of which --help does not speak
    options_.push_back({setting.name, {}, option});
  }

  GivenValues given() const {
    GivenValues given;
    for (std::size_t i = 0; i < options_.size(); ++i) {
      const Option& option = options_[i];
      if (option.parsed->count() > 0) {
        given.emplace(option.name, values_[i]);
      } else if (const char* text = other_value(option); text != nullptr && *text != '\0') {
        given.emplace(option.name, text);
      }
    }
    return given;
  }

 private:
  struct Option {
    std::string_view name;
    std::string_view other_variable;
    CLI::Option* parsed;
  };

  std::string& next_value() { return values_[options_.size()]; }

  static const char* other_value(const Option& option) {
    if (option.other_variable.empty()) return nullptr;
    return std::getenv(std::string(option.other_variable).c_str());
  }

  std::vector<std::string> values_;  // the parser keeps references into it
  std::vector<Option> options_;
};

constexpr const char* kStartExamples =
    "Examples:\n"
    "  ostler agent start --token file://$PWD/agent-token --endpoint http://127.0.0.1:7450/v3 "
    "--build-path builds\n"
    "  ostler agent start --config buildkite-agent.cfg\n\n";

Error unknown_word(const std::string& word) {
  std::string text = "unknown flag " + word;
  if (!word.starts_with("--")) {
    text = "unexpected word \"" + word + "\"";
  } else if (const auto near = nearest_setting(word.substr(2, word.find('=') - 2)); !near.empty()) {
    text += ", did you mean --" + std::string(near) + "?";
  }
  return Error(Errc::UserFault, text + "; `ostler agent start --help` lists the flags");
}

std::string footer(std::span<const UnsupportedSetting> unsupported) {
  std::string text = kStartExamples;
  text += "Settings of other agents that this one knows and does not support yet:\n ";
  for (const auto& setting : unsupported) text += " " + std::string(setting.name);
  return text;
}

}  // namespace

Result<std::variant<GivenValues, HelpText>> parse_command_line(
    std::span<const Setting> settings, std::span<const UnsupportedSetting> unsupported,
    const std::vector<std::string>& arguments) {
  CLI::App app("Takes jobs from a hub (or any server of the Buildkite Agent API) and runs them.",
               "ostler agent start");
  app.allow_extras();
  app.footer(footer(unsupported));
  Options options(settings.size() + unsupported.size());
  for (const Setting& setting : settings) options.add_supported(app, setting);
  for (const UnsupportedSetting& setting : unsupported) options.add_unsupported(app, setting);
  try {
    app.parse(plain_words(app, arguments));
  } catch (const CLI::CallForHelp&) {
    return HelpText{help_page(app)};
  } catch (const CLI::ParseError& failure) {
    return Error(Errc::UserFault,
                 std::string(failure.what()) + "; `ostler agent start --help` lists the flags");
  }
  if (const auto unknown = app.remaining(); !unknown.empty()) return unknown_word(unknown.front());
  return options.given();
}

}  // namespace ostler::config
