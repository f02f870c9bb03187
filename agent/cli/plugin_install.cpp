// SPDX-License-Identifier: Apache-2.0
// `ostler plugin install|remove`: the step plugins of this machine.
#include "plugin_host/plugin_install.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>

#include "cli/client_access.hpp"
#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/own_lock_file.hpp"
#include "cli/plugin_json.hpp"
#include "cli/plugin_place.hpp"
#include "cli/plugin_publishers.hpp"
#include "cli/plugin_source.hpp"
#include "cli/published_plugins.hpp"
#include "cli/run_functions.hpp"
#include "console/plain_text.hpp"
#include "console/terminal.hpp"
#include "plugin_host/bundle_signature.hpp"
#include "plugin_host/plugin_store.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;
using plugin_host::Bundle;
using plugin_host::LockedPlugin;
using plugin_host::StepReference;

namespace {

constexpr const char* kInstallExamples =
    "Examples:\n"
    "  ostler plugin install build/greet\n"
    "  ostler plugin install greet#1                 the newest 1.x.y that the hub has\n"
    "  ostler plugin install greet-1.0.0.tar.gz\n"
    "  ostler plugin install https://example.com/greet-1.0.0.tar.gz#SHA256\n"
    "  ostler plugin install build/greet --key publisher.pem\n"
    "  ostler plugin install build/greet --json | jq -r .directory\n";
constexpr const char* kInstallKeyHelp =
    "Install only what this key has signed (a PEM file, or ed25519:BASE64; may be repeated); "
    "without it $OSTLER_PLUGIN_PUBLISHER_KEYS where $OSTLER_PLUGIN_REQUIRE_SIGNED is true";
constexpr const char* kRemoveExamples =
    "Examples:\n"
    "  ostler plugin remove greet#1.0.0\n";

struct InstallOptions {
  ClientFlags client;
  std::string source;
  std::string store;
  std::vector<std::string> keys;
  bool replaces = false;
  bool as_json = false;
};

void tell_installed(const Bundle& bundle, const fs::path& store, bool is_new,
                    const std::optional<crypto::Ed25519PublicKey>& publisher) {
  const std::string reference = bundle.manifest.reference();
  console::print_plain(reference + (is_new ? " is installed in " : " was installed in ") +
                       store.string() + "; it " +
                       plugin_host::describe(bundle.manifest.permissions));
  if (publisher) {
    console::print_plain("signed with " + publisher->text());
  } else if (!bundle.signature.empty()) {
    console::print_plain("signed with " + plugin_host::claimed_publisher(bundle) +
                         ", which was not checked: --key does that");
  }
  console::print_plain("in a pipeline: ostler://" + reference);
}

/// "greet#1", and "greet" where no file of that name is here: "./greet#1" is a file.
std::optional<StepReference> published_reference(const std::string& source) {
  const auto is_of_id = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  std::string text = source;  // "greet@1" means the same, as for unpublish
  if (const std::size_t at = text.find('@'); at != text.npos) text[at] = '#';
  auto reference = plugin_host::read_step_reference(text);
  const bool is_id = !reference.id.empty() && std::ranges::all_of(reference.id, [&](char c) {
    return is_of_id(c) || c == '-';
  });
  std::error_code error;
  if (!is_id || (reference.version.empty() && fs::exists(source, error))) return std::nullopt;
  return reference;
}

/// What the repository around pins is what is installed; the hub is not asked what it is.
Result<wire::RestPlugin> find_as_pinned(const std::vector<wire::RestPlugin>& all,
                                        const StepReference& wanted) {
  OSTLER_TRY(const auto lock, read_lock_file_at(own_lock_file()));
  const LockedPlugin* pinned = plugin_host::pinned_as(wanted, lock);
  if (pinned == nullptr) return find_published(all, wanted, plugin_host::own_platform());
  return find_pinned(all, *pinned);
}

Result<Bundle> open_published(const StepReference& wanted, const InstallOptions& options,
                              const fs::path& scratch) {
  const auto access = find_access_to_organization(options.client);
  if (!access) {
    return Error(access.error())
        .with_context(wanted.version.empty()
                          ? "no file is " + wanted.id + ", and to have it from a hub"
                          : "to have " + wanted.text() + " from a hub");
  }
  HubClient hub(access.value().url, access.value().organization, access.value().token);
  OSTLER_TRY(const auto text, published_plugins_text(hub));
  OSTLER_TRY(const auto all, published_plugins(text));
  OSTLER_TRY(const auto plugin, find_as_pinned(all, wanted));
  return fetch_published(hub, plugin, scratch, options.as_json ? Telling::No : Telling::Yes);
}

Result<Bundle> open_source(const InstallOptions& options, const fs::path& scratch) {
  const auto wanted = published_reference(options.source);
  if (wanted) return open_published(*wanted, options, scratch);
  return open_plugin_source(options.source, scratch);
}

Result<void> install(const InstallOptions& options) {
  OSTLER_TRY(const fs::path store, plugin_store(options.store));
  OSTLER_TRY(const auto scratch, make_scratch_directory());
  OSTLER_TRY(const Bundle bundle, open_source(options, scratch.path()));
  OSTLER_TRY(const auto publisher, publisher_where_wanted(bundle, options.keys));
  const std::string stale = plugin_host::fault_of_signature(bundle);
  if (!stale.empty()) return plugin_host::faulty(bundle.manifest, {stale});
  const auto replace = options.replaces ? plugin_host::Replace::Yes
                       : publisher      ? plugin_host::Replace::Signature
                                        : plugin_host::Replace::No;
  OSTLER_TRY(const bool is_new, plugin_host::install_bundle(bundle, store, replace));
  if (options.as_json) {
    console::Terminal::of_standard_output().print_line(
        installed_plugin_json({.bundle = bundle,
                               .directory = store / bundle.manifest.id / bundle.manifest.version,
                               .is_new = is_new,
                               .publisher = publisher ? publisher->text() : ""}));
  } else {
    tell_installed(bundle, store, is_new, publisher);
  }
  return success();
}

Result<void> remove_plugin(const std::string& reference, const std::string& named_store) {
  const auto wanted = plugin_host::read_step_reference(reference);
  OSTLER_TRY(const fs::path store, plugin_store(named_store));
  OSTLER_TRY(const fs::path place, plugin_host::find_in_store(store, wanted));
  if (place.filename() != wanted.version) {
    return Error(Errc::UserFault,
                 "name the whole version, as in " + wanted.id + "#" + place.filename().string());
  }
  OSTLER_TRY(plugin_host::remove_from_store(store, wanted.id, wanted.version));
  console::print_plain(wanted.text() + " is removed from " + store.string());
  return success();
}

}  // namespace

int run_plugin_install(const Arguments& arguments) {
  CLI::App app("Installs a step plugin for the agents of this machine; runs nothing of it",
               "plugin install");
  InstallOptions options;
  app.add_option("SOURCE", options.source,
                 "A directory with plugin.json, a tar archive, URL#SHA256, or ID or ID#VERSION of "
                 "one that is published on the hub")
      ->required();
  app.add_option("--store", options.store, kPluginStoreHelp);
  take_client_flags(app, options.client);
  app.add_option("--key", options.keys, kInstallKeyHelp);
  app.add_flag("--replace", options.replaces, "Put it in the place of another one of that version");
  app.add_flag("--json", options.as_json, "As a JSON object");
  app.footer(kInstallExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto done = install(options);
  return done ? kExitOk : fail(done.error());
}

int run_plugin_remove(const Arguments& arguments) {
  CLI::App app("Removes an installed step plugin; jobs that run it now are not disturbed",
               "plugin remove");
  std::string reference;
  std::string store;
  app.add_option("PLUGIN", reference, "ID#VERSION")->required();
  app.add_option("--store", store, kPluginStoreHelp);
  app.footer(kRemoveExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto done = remove_plugin(reference, store);
  return done ? kExitOk : fail(done.error());
}

}  // namespace ostler::cli
