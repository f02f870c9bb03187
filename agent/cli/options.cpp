// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

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
    return refuse(app.get_name() + ": " + error.what() + "; see ostler " + app.get_name() +
                  " --help");
  }
}

}  // namespace ostler::cli
