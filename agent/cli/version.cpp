// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kVersionExamples =
    "Examples:\n"
    "  ostler version\n"
    "  ostler version --json | jq -r .version\n";

const char* version_line() {
  return speaks_as_the_genuine_agent() ? "buildkite-agent version " OSTLER_VERSION "+ostler"
                                       : "ostler version " OSTLER_VERSION;
}

}  // namespace

int run_version(const Arguments& arguments) {
  CLI::App app("Prints the version", "version");
  bool as_json = false;
  app.add_flag("--json", as_json, "As a JSON object");
  app.footer(kVersionExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  std::puts(as_json ? "{\"name\": \"ostler\", \"version\": \"" OSTLER_VERSION "\"}"
                    : version_line());
  return kExitOk;
}

}  // namespace ostler::cli
