// SPDX-License-Identifier: Apache-2.0
// `ostler plugin show|check`: what a step plugin is, and what is wrong with it.
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

#include "base/joined.hpp"
#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/plugin_log.hpp"
#include "cli/plugin_place.hpp"
#include "cli/run_functions.hpp"
#include "console/plain_text.hpp"
#include "console/table.hpp"
#include "plugin_host/box_run.hpp"
#include "plugin_host/bundle_signature.hpp"
#include "plugin_host/config_schema.hpp"
#include "plugin_host/interpreter.hpp"

namespace ostler::cli {

namespace asio = boost::asio;
using plugin_host::Bundle;

namespace {

constexpr const char* kPluginShowExamples =
    "Examples:\n"
    "  ostler plugin show build/greet\n"
    "  ostler plugin show greet#1.0.0\n";
constexpr const char* kPluginCheckExamples =
    "Examples:\n"
    "  ostler plugin check build/greet\n";

std::vector<std::vector<console::Cell>> property_rows(
    const std::vector<plugin_host::Property>& list) {
  std::vector<std::vector<console::Cell>> rows = {
      {{"PROPERTY"}, {"TYPE"}, {"DEFAULT"}, {"MEANING"}}};
  for (const auto& property : list) {
    rows.push_back({{console::plain_line(property.path)},
                    {console::plain_line(property.type)},
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
  for (const auto& [name, sha256] : manifest.files)
    console::print_plain("file: " + name + " sha256:" + sha256);
  show_configuration(manifest);
}

/// Swallows what a plugin says while it is only looked at.
class Silence final : public plugin_host::StepLog {
 public:
  void output(std::string_view) override {}
  void message(plugin_host::Severity, std::string_view) override {}
  void group(plugin_host::GroupStyle, std::string_view) override {}
  void progress(const plugin_host::Progress&) override {}
  void confined(const plugin_host::Confinement&) override {}
  asio::awaitable<void> room() override { co_return; }
};

asio::awaitable<void> keep_verdict(plugin_host::BoxRun& run, plugin_host::BoxSpec spec,
                                   std::optional<Result<plugin_host::BoxVerdict>>& into) {
  into = co_await run.run(std::move(spec));
}

void end_program_on_fault(const std::exception_ptr& fault) {
  if (fault) std::terminate();
}

/// Maps the plugin in a box, and says why that does not work; empty when it does.
Result<std::string> fault_when_mapped(const Bundle& bundle) {
  OSTLER_TRY(const auto scratch, make_scratch_directory());
  plugin_host::BoxSpec spec;
  OSTLER_TRY(spec.program, box_program());
  OSTLER_TRY(auto copy, plugin_host::sealed_copy(bundle.directory / bundle.manifest.library,
                                                 bundle.manifest.is_program));
  spec.library = std::move(copy.fd);
  spec.library_name = bundle.manifest.library;
  spec.is_program = bundle.manifest.is_program;
  spec.interpreter = bundle.manifest.interpreter;
  spec.id = bundle.manifest.id;
  spec.version = bundle.manifest.version;
  spec.only_map = true;
  spec.directory = scratch.path();
  spec.paths = {{scratch.path(), "write"}};
  Silence silence;
  plugin_host::StepServices services({}, {});
  asio::io_context context(1);
  plugin_host::BoxRun run(context.get_executor(), services, silence);
  std::optional<Result<plugin_host::BoxVerdict>> verdict;
  asio::co_spawn(context, keep_verdict(run, std::move(spec), verdict), end_program_on_fault);
  context.run();
  OSTLER_TRY(const auto& said, *verdict);
  return said.result.outcome == plugin_host::Outcome::Passed ? "" : said.result.message;
}

/// A plugin whose manifest is wrong may have a wrong library as well.
Error with_library_faults(const Error& error, const PluginPlace& place) {
  const auto path = place.path();
  if (!path) return error;
  const auto faults = plugin_host::faults_of_libraries(*path);
  if (faults.empty()) return error;
  return Error(error.code(), error.message() + "\n" + joined(faults, "\n"));
}

/// A library that cannot be a plugin is not mapped: the fault would be said twice.
Result<void> check_bundle(const Bundle& bundle) {
  plugin_host::Inspection found = plugin_host::inspect_files(bundle);
  if (found.faults.empty()) {
    OSTLER_TRY(const std::string fault, fault_when_mapped(bundle));
    if (!fault.empty()) found.faults.push_back(bundle.manifest.library + ": " + fault);
  }
  std::string stale = plugin_host::fault_of_signature(bundle);
  if (!stale.empty()) found.faults.push_back(std::move(stale));
  if (!found.faults.empty()) return plugin_host::faulty(bundle.manifest, found.faults);
  if (!bundle.manifest.interpreter.empty()) {
    console::print_plain(bundle.manifest.reference() + ": no faults; run by " +
                         joined(bundle.manifest.interpreter, " "));
    return success();
  }
  const std::string& glibc = found.library.least_glibc;
  console::print_plain(bundle.manifest.reference() + ": no faults; runs with glibc " +
                       (glibc.empty() ? "of any version" : glibc + " or later"));
  return success();
}

}  // namespace

int run_plugin_show(const Arguments& arguments) {
  PluginPlace place;
  CLI::App app("Shows a step plugin: what it may touch, and its configuration", "plugin show");
  place.add_to(app);
  app.footer(kPluginShowExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto bundle = place.open();
  if (!bundle) return fail(bundle.error());
  show_plugin(bundle.value());
  return kExitOk;
}

int run_plugin_check(const Arguments& arguments) {
  PluginPlace place;
  CLI::App app(
      "Says what is wrong with a step plugin, all of it at once; maps it, but runs no step",
      "plugin check");
  place.add_to(app);
  app.footer(kPluginCheckExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto bundle = place.open();
  if (!bundle) return fail(with_library_faults(bundle.error(), place));
  const auto done = check_bundle(bundle.value());
  return done ? kExitOk : fail(done.error());
}

}  // namespace ostler::cli
