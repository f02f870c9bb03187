// SPDX-License-Identifier: Apache-2.0
// `ostler plugin schema`: what an editor wants to know of pipeline files.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/plugin_place.hpp"
#include "cli/run_functions.hpp"
#include "console/terminal.hpp"
#include "environment/variables.hpp"
#include "pipeline/step_attributes.hpp"
#include "plugin_host/pipeline_schema.hpp"
#include "plugin_host/plugin_policy.hpp"
#include "plugin_host/plugin_store.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;
using plugin_host::OfferedPlugin;

namespace {

constexpr const char* kSchemaExamples =
    "Examples:\n"
    "  ostler plugin schema > pipeline.schema.json\n"
    "and, where the editor speaks YAML's language server, the first line of the pipeline:\n"
    "  # yaml-language-server: $schema=../pipeline.schema.json\n";

/// Those of groups, which have no table of their own.
constexpr std::string_view kGroupKeys[] = {"group", "steps"};

std::vector<std::string> keys_of_steps() {
  using model::StepKind;
  std::vector<std::string> keys(std::begin(kGroupKeys), std::end(kGroupKeys));
  for (const StepKind kind :
       {StepKind::Command, StepKind::Wait, StepKind::Block, StepKind::Input, StepKind::Trigger}) {
    for (const pipeline::StepAttributes attributes : pipeline::attributes_of(kind)) {
      for (const pipeline::StepAttribute& attribute : attributes) {
        if (attribute.read != nullptr) keys.emplace_back(attribute.name);
      }
    }
  }
  return keys;
}

/// "greet", "greet#1", "greet#1.2" and "greet#1.2.3": those that mean this version in this store.
std::vector<std::string> references_to(const fs::path& store, const std::string& id,
                                       const std::string& version) {
  std::vector<std::string> wanted = {"", version};
  for (std::size_t dot = version.find('.'); dot != version.npos; dot = version.find('.', dot + 1)) {
    wanted.push_back(version.substr(0, dot));
  }
  std::vector<std::string> references;
  for (const std::string& text : wanted) {
    const plugin_host::StepReference reference{id, text};
    const auto found = plugin_host::find_in_store(store, reference);
    if (found && found.value().filename() == version) references.push_back(reference.text());
  }
  return references;
}

std::vector<std::string> names_of(const fs::path& store, const std::string& id,
                                  const std::string& version,
                                  const std::vector<std::string>& bare_names) {
  const bool has_bare_name = std::ranges::find(bare_names, id) != bare_names.end();
  std::vector<std::string> names;
  for (const std::string& reference : references_to(store, id, version)) {
    names.push_back("ostler://" + reference);
    if (has_bare_name) names.push_back(reference);
  }
  return names;
}

Result<std::vector<OfferedPlugin>> offered_plugins(const fs::path& store) {
  const auto policy = plugin_host::plugin_policy(environment::variables_of_process());
  std::vector<OfferedPlugin> plugins;
  for (const std::string& id : plugin_host::ids_in_store(store)) {
    for (const std::string& version : plugin_host::versions_in_store(store, id)) {
      OSTLER_TRY(const auto bundle, plugin_host::open_bundle(store / id / version));
      plugins.push_back({.reference = bundle.manifest.reference(),
                         .names = names_of(store, id, version, policy.bare_names),
                         .description = bundle.manifest.description,
                         .schema = bundle.manifest.schema});
    }
  }
  return plugins;
}

Result<void> print_schema(const std::string& named_store) {
  OSTLER_TRY(const fs::path store, plugin_store(named_store));
  OSTLER_TRY(const auto plugins, offered_plugins(store));
  console::Terminal::of_standard_output().print_line(
      plugin_host::canonical_json(plugin_host::pipeline_schema(plugins, keys_of_steps())));
  return success();
}

}  // namespace

int run_plugin_schema(const Arguments& arguments) {
  CLI::App app(
      "Prints a JSON Schema of pipeline files for editors: the keys of steps, and the "
      "configurations of the plugins that are installed here",
      "plugin schema");
  std::string store;
  app.add_option("--store", store,
                 "Directory of plugins; without it $OSTLER_PLUGIN_STORE, else the one of an agent "
                 "that was told no state-path");
  app.footer(kSchemaExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto done = print_schema(store);
  return done ? kExitOk : fail(done.error());
}

}  // namespace ostler::cli
