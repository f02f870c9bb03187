// SPDX-License-Identifier: Apache-2.0
// `ostler plugin list`: the step plugins of this machine, or those that its hub has.
#include <CLI/CLI.hpp>
#include <chrono>

#include "base/joined.hpp"
#include "base/size_text.hpp"
#include "cli/exit.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "cli/plugin_json.hpp"
#include "cli/plugin_place.hpp"
#include "cli/published_plugins.hpp"
#include "cli/run_functions.hpp"
#include "console/duration_text.hpp"
#include "console/plain_text.hpp"
#include "console/table.hpp"
#include "plugin_host/bundle.hpp"
#include "plugin_host/plugin_store.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPluginListExamples =
    "Examples:\n"
    "  ostler plugin list\n"
    "  ostler plugin list --store /srv/plugins\n"
    "  ostler plugin list --hub\n"
    "  ostler plugin list --json | jq -r '.[].directory'\n"
    "  ostler plugin list --hub --json | jq -r '.[].name'\n";
constexpr std::size_t kWholeColumns = 2;  // id and version

struct PluginListOptions {
  ClientFlags client;
  std::string store;
  bool is_of_hub = false;
  bool as_json = false;
};

std::vector<console::Cell> plugin_row(const fs::path& store, const std::string& id,
                                      const std::string& version) {
  const auto bundle = plugin_host::open_bundle(store / id / version);
  if (!bundle) {
    return {{console::plain_line(id)}, {console::plain_line(version)}, {"cannot be read"}, {""}};
  }
  const auto& manifest = bundle.value().manifest;
  return {{console::plain_line(id)},
          {console::plain_line(version)},
          {plugin_host::describe(manifest.permissions)},
          {console::plain_line(manifest.description)}};
}

std::string json_of(const fs::path& store, const std::string& id, const std::string& version) {
  const auto bundle = plugin_host::open_bundle(store / id / version);
  return bundle ? plugin_json(bundle.value())
                : unread_plugin_json(id, version, bundle.error().message());
}

Result<void> print_plugins(const std::string& named_store) {
  OSTLER_TRY(const fs::path store, plugin_store(named_store));
  std::vector<std::string> plugins;
  for (const std::string& id : plugin_host::ids_in_store(store)) {
    for (const std::string& version : plugin_host::versions_in_store(store, id)) {
      plugins.push_back(json_of(store, id, version));
    }
  }
  console::Terminal::of_standard_output().print_line("[" + joined(plugins, ",\n") + "]");
  return success();
}

Result<void> list_plugins(const std::string& named_store) {
  OSTLER_TRY(const fs::path store, plugin_store(named_store));
  std::vector<std::vector<console::Cell>> rows = {
      {{"ID"}, {"VERSION"}, {"PERMISSIONS"}, {"MEANING"}}};
  for (const std::string& id : plugin_host::ids_in_store(store)) {
    for (const std::string& version : plugin_host::versions_in_store(store, id)) {
      rows.push_back(plugin_row(store, id, version));
    }
  }
  if (rows.size() == 1) {
    console::print_plain("no plugins in " + store.string() +
                         "; `ostler plugin install` puts one there");
    return success();
  }
  auto terminal = console::Terminal::of_standard_output();
  for (const auto& line : console::table_lines(rows, terminal, kWholeColumns))
    terminal.print_line(line);
  return success();
}

std::vector<console::Cell> published_row(const wire::RestPlugin& plugin, Timestamp now) {
  const std::string signed_by = plugin.signed_by.empty() ? "not signed" : plugin.signed_by;
  return {{console::plain_line(plugin.name)},
          {console::plain_line(plugin.version)},
          {console::plain_line(plugin.platform)},
          {size_text(static_cast<std::uint64_t>(plugin.size))},
          {console::age_text(now - plugin.published_at)},
          {console::plain_line(signed_by)}};
}

Result<int> list_published(HubClient& hub, bool as_json) {
  OSTLER_TRY(const std::string text, published_plugins_text(hub));
  auto terminal = console::Terminal::of_standard_output();
  if (as_json) {
    terminal.print_line(text);
    return kExitOk;
  }
  OSTLER_TRY(const auto plugins, published_plugins(text));
  if (plugins.empty()) {
    console::print_plain("no plugins at " + hub.url() + "; `ostler plugin publish` puts one there");
    return kExitOk;
  }
  std::vector<std::vector<console::Cell>> rows = {
      {{"ID"}, {"VERSION"}, {"PLATFORM"}, {"SIZE"}, {"PUBLISHED"}, {"SIGNED WITH"}}};
  const Timestamp now = SystemClock().now();
  for (const auto& plugin : plugins) rows.push_back(published_row(plugin, now));
  for (const auto& line : console::table_lines(rows, terminal, kWholeColumns)) {
    terminal.print_line(line);
  }
  return kExitOk;
}

}  // namespace

int run_plugin_list(const Arguments& arguments) {
  CLI::App app("Lists the step plugins that are installed, or those that the hub has",
               "plugin list");
  PluginListOptions options;
  auto* const store = app.add_option("--store", options.store, kPluginStoreHelp);
  auto* const hub =
      app.add_flag("--hub", options.is_of_hub,
                   "What is published on the hub, one line for each platform; the key is the one "
                   "that a signature names, which was not checked");
  hub->excludes(store);
  app.add_flag("--json", options.as_json,
               "As a JSON array: of the hub the REST API's answer as it is");
  take_client_flags(app, options.client);
  app.footer(kPluginListExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (options.is_of_hub) {
    return run_at_hub(options.client,
                      [&](HubClient& at) { return list_published(at, options.as_json); });
  }
  const auto done = options.as_json ? print_plugins(options.store) : list_plugins(options.store);
  return done ? kExitOk : fail(done.error());
}

}  // namespace ostler::cli
