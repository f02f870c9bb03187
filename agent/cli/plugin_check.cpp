// SPDX-License-Identifier: Apache-2.0
// `ostler plugin check`: what is wrong with a step plugin.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/joined.hpp"
#include "base/split_lines.hpp"
#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/plugin_json.hpp"
#include "cli/plugin_look.hpp"
#include "cli/plugin_place.hpp"
#include "cli/run_functions.hpp"
#include "console/terminal.hpp"
#include "plugin_host/bundle_signature.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;
using plugin_host::Bundle;

namespace {

constexpr const char* kPluginCheckExamples =
    "Examples:\n"
    "  ostler plugin check build/greet\n"
    "  ostler plugin check build/greet/greet.so     a shared object, also one without plugin.json\n"
    "  ostler plugin check build/greet --json | jq -r '.faults[]'\n"
    "Exit status: 0 no faults, 2 some, with --json too\n";

/// What was looked at, and what is wrong with it.
struct Findings {
  std::string name;       ///< for people: "greet#1.0.0", "greet.so"
  std::string reference;  ///< of its manifest; empty: that cannot be read, or is another's
  std::vector<std::string> faults;
  std::string praise;  ///< what to say when there are none
};

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

std::string praise_of(const Bundle& bundle, const std::string& glibc) {
  if (!bundle.manifest.interpreter.empty()) {
    return "run by " + joined(bundle.manifest.interpreter, " ");
  }
  return "runs with glibc " + (glibc.empty() ? "of any version" : glibc + " or later");
}

/// A library that cannot be a plugin is not mapped: the fault would be said twice.
Result<Findings> check_bundle(const Bundle& bundle) {
  auto files = plugin_host::inspect_files(bundle);
  const std::string reference = bundle.manifest.reference();
  Findings found{reference, reference, std::move(files.faults),
                 praise_of(bundle, files.least_glibc)};
  if (found.faults.empty()) {
    OSTLER_TRY(const std::string fault, fault_when_looked_at(bundle));
    if (!fault.empty()) found.faults.push_back(bundle.manifest.library + ": " + fault);
  }
  std::string stale = plugin_host::fault_of_signature(bundle);
  if (!stale.empty()) found.faults.push_back(std::move(stale));
  return found;
}

/// The file itself, whatever else lies there.
Result<void> check_library(const fs::path& file, Findings& found) {
  const auto faults = plugin_host::faults_of_library(file);
  append(found.faults, faults);
  if (!faults.empty()) return success();
  OSTLER_TRY(const std::string fault, fault_when_looked_at(file));
  if (!fault.empty()) found.faults.push_back(file.filename().string() + ": " + fault);
  return success();
}

/// A file that was named is what is looked at, not what the manifest beside it is about.
Result<Findings> check_file(const fs::path& file) {
  Findings found;
  found.name = file.filename();
  const auto bundle = plugin_host::open_bundle(file);
  if (bundle) return check_bundle(bundle.value());
  if (bundle.error().code() == Errc::NotFound) {
    found.faults.push_back("there is no plugin.json beside it, which no plugin is without");
  } else {
    found.faults = split_lines(bundle.error().message());
  }
  OSTLER_TRY(check_library(file, found));
  return found;
}

/// A plugin whose manifest is wrong may have a wrong library as well. A directory without a plugin
/// is no plugin with faults.
Result<Findings> check(const PluginPlace& place) {
  if (const auto file = place.file()) return check_file(*file);
  const auto bundle = place.open();
  if (bundle) return check_bundle(bundle.value());
  const auto path = place.path();
  std::vector<std::string> others;
  if (path) others = plugin_host::faults_of_libraries(*path);
  if (others.empty() && bundle.error().code() != Errc::UserFault) return bundle.error();
  Findings found;
  found.faults = split_lines(bundle.error().message());
  append(found.faults, others);
  return found;
}

int print_findings(const Findings& found, bool as_json) {
  const int status = found.faults.empty() ? kExitOk : kExitRefused;
  if (as_json) {
    console::Terminal::of_standard_output().print_line(
        plugin_faults_json(found.reference, found.faults));
    return status;
  }
  if (status == kExitOk) {
    console::print_plain(found.name + ": no faults; " + found.praise);
    return status;
  }
  const std::string begin = found.name.empty() ? "" : found.name + " has faults\n";
  return fail(Error(Errc::UserFault, begin + joined(found.faults, "\n")));
}

}  // namespace

int run_plugin_check(const Arguments& arguments) {
  PluginPlace place;
  CLI::App app(
      "Says what is wrong with a step plugin, all of it at once; maps it and has it make its step, "
      "but runs none",
      "plugin check");
  bool as_json = false;
  place.add_to(app,
               "The directory with its plugin.json, a shared object, or ID or ID#VERSION of one "
               "in the store");
  app.add_flag("--json", as_json, "Print the faults as JSON");
  app.footer(kPluginCheckExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto found = check(place);
  return found ? print_findings(found.value(), as_json) : fail(found.error());
}

}  // namespace ostler::cli
