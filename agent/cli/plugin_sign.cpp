// SPDX-License-Identifier: Apache-2.0
// `ostler plugin sign|verify`: whose a step plugin is.
#include <CLI/CLI.hpp>

#include "cli/exit.hpp"
#include "cli/named_file.hpp"
#include "cli/options.hpp"
#include "cli/plugin_json.hpp"
#include "cli/plugin_place.hpp"
#include "cli/plugin_publishers.hpp"
#include "cli/run_functions.hpp"
#include "console/terminal.hpp"
#include "files/file.hpp"
#include "plugin_host/bundle_signature.hpp"

namespace ostler::cli {

using plugin_host::Bundle;

namespace {

constexpr const char* kSignExamples =
    "Examples:\n"
    "  openssl genpkey -algorithm ed25519 -out key.pem\n"
    "  openssl pkey -in key.pem -pubout -out publisher.pem\n"
    "  ostler plugin sign build/greet --key key.pem\n";
constexpr const char* kVerifyExamples =
    "Examples:\n"
    "  ostler plugin verify build/greet --key publisher.pem\n"
    "  ostler plugin verify build/greet --key publisher.pem --json | jq -r .publisher\n";
constexpr std::size_t kLongestPrivateKey = 64u << 10;  // bytes
constexpr mode_t kSignatureMode = 0644;

Result<crypto::Ed25519PrivateKey> read_private_key(const std::string& path) {
  OSTLER_TRY(std::string text, read_named_file(path, kLongestPrivateKey));
  auto key = crypto::Ed25519PrivateKey::from_pem(Secret(std::move(text)));
  if (!key) return std::move(key).error().with_context(path);
  return key;
}

/// Who signs a plugin vouches for its files: what is not whole is not signed.
Result<void> sign(const std::string& directory, const std::string& key_file, bool as_json) {
  OSTLER_TRY(const Bundle bundle, plugin_host::open_bundle(directory));
  OSTLER_TRY(plugin_host::check_files(bundle));
  OSTLER_TRY(const auto key, read_private_key(key_file));
  const auto path = bundle.directory / plugin_host::kSignatureName;
  OSTLER_TRY(
      files::write_file_atomically(path, plugin_host::sign_bundle(bundle, key), kSignatureMode));
  const std::string reference = bundle.manifest.reference();
  if (as_json) {
    console::Terminal::of_standard_output().print_line(
        publisher_json(reference, key.public_key().text()));
    return success();
  }
  console::print_plain(reference + " is signed with " + key.public_key().text() + "; wrote " +
                       path.string());
  return success();
}

Result<void> verify(const PluginPlace& place, const std::vector<std::string>& named, bool as_json) {
  OSTLER_TRY(const auto keys, publisher_keys(named));
  OSTLER_TRY(const Bundle bundle, place.open());
  OSTLER_TRY(const auto publisher, plugin_host::check_signature(bundle, keys));
  OSTLER_TRY(plugin_host::check_files(bundle));
  if (as_json) {
    console::Terminal::of_standard_output().print_line(
        publisher_json(bundle.manifest.reference(), publisher.text()));
    return success();
  }
  console::print_plain(bundle.manifest.reference() + " is as " + publisher.text() +
                       " has signed it");
  return success();
}

}  // namespace

int run_plugin_sign(const Arguments& arguments) {
  CLI::App app("Signs a step plugin: writes plugin.json.sig beside its plugin.json", "plugin sign");
  std::string directory;
  std::string key;
  bool as_json = false;
  app.add_option("PLUGIN", directory, "The directory with its plugin.json")->required();
  app.add_option("--key", key, "File with an Ed25519 private key in PEM, as openssl writes it")
      ->required();
  app.add_flag("--json", as_json, "Print plugin and publisher as JSON");
  app.footer(kSignExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto done = sign(directory, key, as_json);
  return done ? kExitOk : fail(done.error());
}

int run_plugin_verify(const Arguments& arguments) {
  CLI::App app("Says whether a step plugin is as its publisher has signed it", "plugin verify");
  PluginPlace place;
  std::vector<std::string> keys;
  place.add_to(app);
  app.add_option("--key", keys,
                 "The publisher's public key: a PEM file, or ed25519:BASE64; may be repeated")
      ->required();
  bool as_json = false;
  app.add_flag("--json", as_json, "Print plugin and publisher as JSON");
  app.footer(kVerifyExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto done = verify(place, keys, as_json);
  return done ? kExitOk : fail(done.error());
}

}  // namespace ostler::cli
