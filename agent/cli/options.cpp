// SPDX-License-Identifier: Apache-2.0
#include "cli/options.hpp"

#include <CLI/CLI.hpp>

#include "cli/exit.hpp"
#include "config/plain_words.hpp"

namespace ostler::cli {

std::optional<int> read_options(CLI::App& app, const Arguments& arguments) {
  try {
    app.parse(config::plain_words(app, arguments));
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help("ostler");
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    return refuse(app.get_name() + ": " + error.what() + "; see ostler " + app.get_name() +
                  " --help");
  }
}

}  // namespace ostler::cli
