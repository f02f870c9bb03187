// SPDX-License-Identifier: Apache-2.0
// `ostler plugin show`: what a step plugin is.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/joined.hpp"
#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/plugin_json.hpp"
#include "cli/plugin_log.hpp"
#include "cli/plugin_place.hpp"
#include "cli/run_functions.hpp"
#include "console/plain_text.hpp"
#include "console/table.hpp"
#include "plugin_host/bundle_code.hpp"
#include "plugin_host/bundle_signature.hpp"
#include "plugin_host/config_schema.hpp"
#include "plugin_host/interpreter.hpp"
#include "plugin_host/schema_rules.hpp"

namespace ostler::cli {

using plugin_host::Bundle;

namespace {

constexpr const char* kPluginShowExamples =
    "Examples:\n"
    "  ostler plugin show build/greet\n"
    "  ostler plugin show greet#1.0.0\n"
    "  ostler plugin show build/greet --json | jq .manifest.permissions\n";
std::vector<std::vector<console::Cell>> property_rows(
    const std::vector<plugin_host::Property>& list) {
  std::vector<std::vector<console::Cell>> rows = {
      {{"PROPERTY"}, {"TYPE"}, {"RULES"}, {"DEFAULT"}, {"MEANING"}}};
  for (const auto& property : list) {
    rows.push_back({{console::plain_line(property.path)},
                    {console::plain_line(property.type)},
                    {console::plain_line(property.rules)},
                    {property.is_required ? "required" : console::plain_line(property.standard)},
                    {console::plain_line(property.description)}});
  }
  return rows;
}

void show_configuration(const plugin_host::Manifest& manifest) {
  if (!manifest.schema) return console::print_plain("configuration: none");
  const auto terminal = console::Terminal::of_standard_output();
  const auto list = plugin_host::properties_of(*manifest.schema);
  console::print_plain("");
  for (const auto& line : console::table_lines(property_rows(list), terminal)) {
    console::Terminal::of_standard_output().print_line(line);
  }
  const std::string rules = plugin_host::rules_in_words(*manifest.schema, *manifest.schema);
  if (!rules.empty()) console::print_plain("configuration: " + rules);
}

/// What it is here, and what it may read besides what the plugin may.
void show_interpreter(const std::vector<std::string>& words) {
  console::print_plain("run by: " + joined(words, " "));
  const auto found = plugin_host::find_interpreter(words);
  if (!found) return console::print_plain("not here: " + found.error().message());
  std::string line = "here: " + found.value().command.front();
  for (const auto& [path, access] : found.value().paths) {
    if (access == "read") line += ", reads " + path;
  }
  console::print_plain(line);
}

/// What is mapped with the plugin; none when that has faults.
std::vector<std::string> libraries_of(const Bundle& bundle) {
  const auto code = plugin_host::take_code(bundle);
  std::vector<std::string> names;
  for (std::size_t i = 1; code && i < code.value().size(); ++i) {
    names.push_back(code.value()[i].name);
  }
  return names;
}

void show_plugin(const Bundle& bundle) {
  const plugin_host::Manifest& manifest = bundle.manifest;
  console::print_plain(manifest.reference() + ": " + manifest.description);
  console::print_plain("permissions: " + plugin_host::describe(manifest.permissions));
  if (!manifest.interpreter.empty()) show_interpreter(manifest.interpreter);
  if (manifest.is_program && manifest.interpreter.empty()) console::print_plain("run by: itself");
  if (!bundle.signature.empty()) {
    console::print_plain("signed with: " + plugin_host::claimed_publisher(bundle) +
                         " (`ostler plugin verify` checks it)");
  }
  const std::vector<std::string> libraries = libraries_of(bundle);
  for (const auto& [name, sha256] : manifest.files) {
    const bool is_library = std::ranges::find(libraries, name) != libraries.end();
    const std::string kind = name == manifest.library ? "file: "
                             : is_library             ? "library: "
                                                      : "resource: ";
    console::print_plain(kind + name + " sha256:" + sha256);
  }
  show_configuration(manifest);
}

}  // namespace

int run_plugin_show(const Arguments& arguments) {
  PluginPlace place;
  CLI::App app("Shows a step plugin: what it may touch, and its configuration", "plugin show");
  bool as_json = false;
  place.add_to(app);
  app.add_flag("--json", as_json, "As a JSON object, with its manifest as it was written");
  app.footer(kPluginShowExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto bundle = place.open();
  if (!bundle) return fail(bundle.error());
  if (as_json) {
    console::Terminal::of_standard_output().print_line(plugin_json(bundle.value()));
  } else {
    show_plugin(bundle.value());
  }
  return kExitOk;
}

}  // namespace ostler::cli
