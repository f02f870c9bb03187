// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/build_commands.hpp"
#include "cli/build_to_change.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "cli/repository_address.hpp"
#include "cli/run_with_server.hpp"
#include "cli/server_flags.hpp"
#include "cli/step.hpp"
#include "console/build_page.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kCancelExamples =
    "Examples:\n"
    "  ostler build cancel               the newest build of this branch\n"
    "  ostler build cancel app/42\n"
    "  ostler build cancel '#42'         of this checkout's pipeline\n"
    "  ostler build cancel app/42 --json | jq -r .state\n"
    "Exit status: 0 the build is being canceled, 2 there is none or it is over already\n"
    "In a job (where BUILDKITE_AGENT_ACCESS_TOKEN is set) it takes --build ID, from\n"
    "BUILDKITE_BUILD_ID, and cancels the build of the job.\n";

Result<int> cancel_for_person(HubClient& hub, const BuildCommandOptions& options) {
  OSTLER_TRY(const auto found, find_build_to_change(hub, options.reference, "build cancel"));
  const std::string name = console::build_name(found.build);
  if (found.build.finished_at) {
    return Error(Errc::UserFault, name + " is over already: " + found.build.state +
                                      "; \"ostler build list --state running\" shows what is not");
  }
  OSTLER_TRY(const auto text, hub.cancel_build_text(found.build.pipeline, found.build.number));
  OSTLER_TRY(const auto shown, without_credentials(text));
  console::Terminal::of_standard_output().print_line(options.as_json ? shown : "canceling " + name);
  return kExitOk;
}

}  // namespace

int run_build_cancel(const Arguments& arguments) {
  if (speaks_for_a_job(arguments)) return run_with_server(build_cancel, arguments);
  BuildCommandOptions options;
  CLI::App app("Cancels a build", "build cancel");
  options.add_to(app);
  options.add_json_to(app, kPipelineJsonHelp);
  app.footer(kCancelExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client,
                    [&](HubClient& hub) { return cancel_for_person(hub, options); });
}

}  // namespace ostler::cli
