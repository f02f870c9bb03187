// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/box_start.hpp"

#include "plugin_host/call_filter.hpp"
#include "plugin_host/interpreter.hpp"
#include "plugin_host/system_paths.hpp"

namespace ostler::plugin_host {
namespace {

constexpr const char* kLibraryPath = "/proc/self/fd/4";  // for what executes it

supervise::Pairs services_for(const BoxSpec& spec) {
  supervise::Pairs services;
  for (const std::string& id : StepServices::ids()) services.emplace_back(id, "");
  for (const std::string& id : spec.services) services.emplace_back(id, "");
  if (spec.commands) services.emplace_back("ostler.command/1", "");
  if (spec.checks_threads) services.emplace_back(kThreadCheckId, "");
  if (spec.only_look) services.emplace_back(kOnlyCreateId, "");
  return services;
}

}  // namespace

/// A plugin sees the environment of the job through a service, never in its own process.
std::vector<std::string> box_environment(const BoxSpec& spec) {
  std::vector<std::string> variables = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8"};
  for (const auto& [name, value] : spec.facts) {
    if (name != "scratch") continue;
    variables.push_back("HOME=" + value);
    variables.push_back("TMPDIR=" + value);
  }
  return variables;
}

supervise::BoxGo go_message(const BoxSpec& spec) {
  supervise::BoxGo go;
  go.attempt = spec.attempt;
  go.services = services_for(spec);
  go.facts = spec.facts;
  return go;
}

Result<supervise::BoxStart> start_message(const BoxSpec& spec) {
  supervise::BoxStart start;
  start.network = spec.network ? 1 : 0;
  start.attempt = spec.attempt;
  start.library = spec.code.front().name;
  for (std::size_t i = 1; i < spec.code.size(); ++i) {
    start.libraries.emplace_back(spec.code[i].name, "");
  }
  start.paths = system_paths(spec.network);
  start.paths.insert(start.paths.end(), spec.paths.begin(), spec.paths.end());
  start.services = services_for(spec);
  start.facts = spec.facts;
  if (spec.is_program) {
    OSTLER_TRY(Interpreter found, find_interpreter(spec.interpreter));
    start.paths.insert(start.paths.end(), found.paths.begin(), found.paths.end());
    for (std::string& word : found.command) start.command.emplace_back(std::move(word), "");
    start.command.emplace_back(kLibraryPath, "");
  }
  start.filter = call_filter({.network = spec.network,
                              .program = spec.is_program,
                              .truncates = landlock_sees_truncation()});
  return start;
}

}  // namespace ostler::plugin_host
