// SPDX-License-Identifier: Apache-2.0
// `ostler plugin show|check`: what a step plugin is, and what is wrong with it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>

#include "base/joined.hpp"
#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/plugin_json.hpp"
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
    "  ostler plugin show greet#1.0.0\n"
    "  ostler plugin show build/greet --json | jq .manifest.permissions\n";
constexpr const char* kPluginCheckExamples =
    "Examples:\n"
    "  ostler plugin check build/greet\n"
    "  ostler plugin check build/greet --json | jq -r '.faults[]'\n"
    "Exit status: 0 no faults, 2 some, with --json too\n";

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
  for (const auto& [name, sha256] : manifest.files) {
    const std::string kind = name == manifest.library ? "file: " : "resource: ";
    console::print_plain(kind + name + " sha256:" + sha256);
  }
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

/// All lines of an error that has one for each fault.
std::vector<std::string> fault_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
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
Result<plugin_host::Inspection> inspect(const Bundle& bundle) {
  plugin_host::Inspection found = plugin_host::inspect_files(bundle);
  if (found.faults.empty()) {
    OSTLER_TRY(const std::string fault, fault_when_mapped(bundle));
    if (!fault.empty()) found.faults.push_back(bundle.manifest.library + ": " + fault);
  }
  std::string stale = plugin_host::fault_of_signature(bundle);
  if (!stale.empty()) found.faults.push_back(std::move(stale));
  return found;
}

std::string praise_of(const Bundle& bundle, const plugin_host::Inspection& found) {
  const std::string begin = bundle.manifest.reference() + ": no faults; ";
  if (!bundle.manifest.interpreter.empty()) {
    return begin + "run by " + joined(bundle.manifest.interpreter, " ");
  }
  const std::string& glibc = found.library.least_glibc;
  return begin + "runs with glibc " + (glibc.empty() ? "of any version" : glibc + " or later");
}

Result<void> check_bundle(const Bundle& bundle) {
  OSTLER_TRY(const auto found, inspect(bundle));
  if (!found.faults.empty()) return plugin_host::faulty(bundle.manifest, found.faults);
  console::print_plain(praise_of(bundle, found));
  return success();
}

int print_faults(const std::string& reference, const std::vector<std::string>& faults) {
  console::Terminal::of_standard_output().print_line(plugin_faults_json(reference, faults));
  return faults.empty() ? kExitOk : kExitRefused;
}

/// A directory without a plugin is no plugin with faults.
int check_for_programs(const PluginPlace& place) {
  const auto bundle = place.open();
  if (!bundle && bundle.error().code() != Errc::UserFault) return fail(bundle.error());
  if (!bundle) {
    return print_faults("", fault_lines(with_library_faults(bundle.error(), place).message()));
  }
  const auto found = inspect(bundle.value());
  if (!found) return fail(found.error());
  return print_faults(bundle.value().manifest.reference(), found.value().faults);
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

int run_plugin_check(const Arguments& arguments) {
  PluginPlace place;
  CLI::App app(
      "Says what is wrong with a step plugin, all of it at once; maps it, but runs no step",
      "plugin check");
  bool as_json = false;
  place.add_to(app);
  app.add_flag("--json", as_json, "Print the faults as JSON");
  app.footer(kPluginCheckExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (as_json) return check_for_programs(place);
  const auto bundle = place.open();
  if (!bundle) return fail(with_library_faults(bundle.error(), place));
  const auto done = check_bundle(bundle.value());
  return done ? kExitOk : fail(done.error());
}

}  // namespace ostler::cli
