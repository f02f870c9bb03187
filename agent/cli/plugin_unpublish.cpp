// SPDX-License-Identifier: Apache-2.0
// `ostler plugin unpublish`: takes a step plugin off the hub.
#include "cli/plugin_unpublish.hpp"

#include <CLI/CLI.hpp>

#include "cli/client_access.hpp"
#include "cli/exit.hpp"
#include "cli/hub_client.hpp"
#include "cli/options.hpp"
#include "console/table.hpp"
#include "console/terminal.hpp"
#include "plugin_host/step_reference.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kUnpublishExamples =
    "Examples:\n"
    "  ostler plugin unpublish greet#1.0.0\n"
    "Agents that have the plugin keep it, and run it where plugins.lock names it; others say that\n"
    "it was taken off. The same plugin can be published again, another one of that version "
    "cannot.\n";

struct UnpublishOptions {
  ClientFlags client;
  std::string reference;
  std::string platform;
};

/// "greet#1.0.0", or "greet@1.0.0".
Result<plugin_host::StepReference> read_published(std::string text) {
  if (const std::size_t at = text.find('@'); at != text.npos) text[at] = '#';
  auto reference = plugin_host::read_step_reference(text);
  if (!reference.id.empty() && !reference.version.empty()) return reference;
  return Error(Errc::UserFault, "name the plugin and its whole version, as in greet#1.0.0");
}

Result<void> unpublish(const UnpublishOptions& options) {
  OSTLER_TRY(const auto wanted, read_published(options.reference));
  OSTLER_TRY(const auto access, find_access_to_organization(options.client));
  HubClient hub(access.url, access.organization, access.token);
  std::string path = "/plugins/" + wire::percent_encode(wanted.id) + "/versions/" +
                     wire::percent_encode(wanted.version);
  if (!options.platform.empty()) path += "?platform=" + wire::percent_encode(options.platform);
  OSTLER_TRY(hub.ask("DELETE", path));
  console::print_plain(wanted.text() + " is taken off " + hub.url() +
                       "; agents that have it keep it");
  return success();
}

}  // namespace

int run_plugin_unpublish(const Arguments& arguments) {
  CLI::App app("Takes a step plugin off the hub", "plugin unpublish");
  UnpublishOptions options;
  app.add_option("ID#VERSION", options.reference, "Which, with its whole version")->required();
  app.add_option("--platform", options.platform,
                 "Only for that one, such as linux-x86_64-glibc; else for all");
  take_client_flags(app, options.client);
  app.footer(kUnpublishExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto done = unpublish(options);
  return done ? kExitOk : fail(done.error());
}

}  // namespace ostler::cli
