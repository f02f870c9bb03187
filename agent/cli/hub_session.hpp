// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "cli/client_access.hpp"
#include "cli/hub_client.hpp"

namespace CLI {
class App;
}

// What the commands of a person about builds have in common.
namespace ostler::cli {

/// The options of a command about one build.
struct BuildCommandOptions {
  ClientFlags client;
  std::string reference;
  bool as_json = false;

  /// Adds the build, `--url` and `--org`.
  void add_to(CLI::App& app);
  /// Adds `--json`.
  void add_json_to(CLI::App& app, const char* help = "Print the REST API's answer as it is");
};

/// Runs `command` with the hub that the flags, the environment or the file name: its exit status,
/// or that of its error, which is written. A closed pipe behind standard output is no error.
int run_at_hub(const ClientFlags& flags, const std::function<Result<int>(HubClient&)>& command);

}  // namespace ostler::cli
