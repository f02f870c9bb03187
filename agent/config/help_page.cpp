// SPDX-License-Identifier: Apache-2.0
#include "config/help_page.hpp"

#include <CLI/CLI.hpp>

namespace ostler::config {

std::string help_page(const CLI::App& app, const std::string& name) {
  std::string page = app.help(name);
  for (auto at = page.find("\n\n\n"); at != page.npos; at = page.find("\n\n\n", at)) {
    page.erase(at, 1);
  }
  while (page.ends_with("\n\n")) page.pop_back();
  return page;
}

}  // namespace ostler::config
