// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "base/nearest_word.hpp"
#include "cli/exit.hpp"
#include "cli/job_command.hpp"
#include "cli/option_listing.hpp"
#include "config/help_page.hpp"
#include "config/plain_words.hpp"

namespace ostler::cli {

namespace {

int list_options(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    for (const std::string& name : option->get_lnames()) std::cout << "--" << name << "\n";
  }
  return kExitOk;
}

/// What "{json,yaml}" stands for, with which the parser says what it takes.
int print_choices(std::string_view type) {
  const std::size_t begin = std::min(type.find('{'), type.size());
  std::string_view choices = type.substr(begin, type.find('}', begin) - begin);
  while (choices.size() > 1) {
    choices.remove_prefix(1);
    const std::string_view choice = choices.substr(0, choices.find(','));
    choices.remove_prefix(choice.size());
    std::cout << choice << "\n";
  }
  return kExitOk;
}

int list_values(const CLI::App& app, const std::string& name) {
  for (const CLI::Option* option : app.get_options()) {
    const bool is_meant = name.empty() ? option->get_positional() : option->check_name(name);
    if (is_meant) print_choices(option->get_type_name());
  }
  return kExitOk;
}

/// ", did you mean --json?" of the first word that is an option only nearly; else empty.
std::string likely_option(const CLI::App& app) {
  std::vector<std::string_view> names;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    names.insert(names.end(), option->get_lnames().begin(), option->get_lnames().end());
  }
  for (const std::string& word : app.remaining()) {
    if (!word.starts_with("--")) continue;
    const auto near = nearest_word(std::string_view(word).substr(2, word.find('=') - 2), names);
    if (!near.empty()) return ", did you mean --" + std::string(near) + "?";
  }
  return "";
}

/// Whether an option names a thing, so that an empty text, as of a variable that nobody set, must
/// not mean "whichever": any argument without "--", and these.
bool names_something(const CLI::Option& option) {
  constexpr std::string_view kNames[] = {"--pipeline", "--step", "--branch", "--build",
                                         "--cluster"};
  return option.get_positional() ||
         std::ranges::find(kNames, option.get_name()) != std::end(kNames);
}

/// The name of an option of a person's command that was given an empty text and names something.
/// Those of jobs take whatever the genuine agent takes.
std::optional<std::string> name_given_empty(const CLI::App& app) {
  if (has_common_flags(app)) return std::nullopt;
  for (const CLI::Option* option : app.get_options()) {
    const auto is_empty = [](const std::string& text) { return text.empty(); };
    if (names_something(*option) && std::ranges::any_of(option->results(), is_empty)) {
      return option->get_name();
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<int> read_options(CLI::App& app, const Arguments& arguments) {
  if (!arguments.empty() && arguments.front() == kListOptions) {
    return arguments.size() == 1 ? list_options(app) : list_values(app, arguments[1]);
  }
  try {
    app.parse(config::plain_words(app, arguments));
    const auto empty = name_given_empty(app);
    if (!empty) return std::nullopt;
    return refuse(app.get_name() + ": " + *empty + " must not be empty");
  } catch (const CLI::CallForHelp&) {
    std::cout << config::help_page(app, "ostler");
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    return refuse(app.get_name() + ": " + error.what() + likely_option(app) + "; see ostler " +
                  app.get_name() + " --help");
  }
}

}  // namespace ostler::cli
