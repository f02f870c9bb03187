// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "base/nearest_word.hpp"
#include "cli/exit.hpp"
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

}  // namespace

std::optional<int> read_options(CLI::App& app, const Arguments& arguments) {
  if (arguments.size() == 1 && arguments.front() == kListOptions) return list_options(app);
  try {
    app.parse(config::plain_words(app, arguments));
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    std::cout << config::help_page(app, "ostler");
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    return refuse(app.get_name() + ": " + error.what() + likely_option(app) + "; see ostler " +
                  app.get_name() + " --help");
  }
}

}  // namespace ostler::cli
