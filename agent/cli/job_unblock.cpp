// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/build_commands.hpp"
#include "cli/build_to_change.hpp"
#include "cli/gate_form.hpp"
#include "cli/hub_session.hpp"
#include "cli/job_choice.hpp"
#include "cli/options.hpp"
#include "console/build_page.hpp"
#include "console/job_words.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kUnblockExamples =
    "Examples:\n"
    "  ostler job unblock                what waits in the newest build of this branch\n"
    "  ostler job unblock app/42 --step deploy\n"
    "  ostler job unblock app/42 --field release=1.2 --field region=eu --field region=us\n"
    "  ostler job unblock app/42 --step deploy --json | jq -r .state\n"
    "At a terminal it asks for the fields that are not given; elsewhere their defaults hold.\n"
    "Exit status: 0 opened, 2 nothing waits for a person, or a field is missing or wrong\n";

struct UnblockOptions {
  BuildCommandOptions build;
  std::string step;
  std::vector<std::string> fields;
};

/// What to type when a job that was named by its id is none that waits.
std::string next_after_refusal(const wire::RestBuildAnswer& build) {
  if (build.finished_at) return how_to_rebuild(build);
  const std::string name = console::build_name(build);
  return "\"ostler build show " + name + "\" shows what waits for a person";
}

Result<int> unblock(HubClient& hub, const UnblockOptions& options) {
  OSTLER_TRY(GateAnswers given, read_gate_answers(options.fields));
  OSTLER_TRY(const auto found, find_build_to_change(hub, options.build.reference, "job unblock"));
  OSTLER_TRY(const std::string id, choose_gate(found, options.step));
  const auto job = std::ranges::find(found.build.jobs, id, &wire::RestJobAnswer::id);
  const bool waits =
      job != found.build.jobs.end() && job->progress == wire::RestJobProgress::Blocked;
  if (waits) {
    OSTLER_TRY(given, fill_gate_form(*job, std::move(given)));
  }
  const auto text = hub.unblock_job_text(id, given);
  if (!text && !waits) return with_next_step(text.error(), next_after_refusal(found.build));
  if (!text) return text.error();
  OSTLER_TRY(const auto opened, wire::decode_rest_job(text.value()));
  console::Terminal::of_standard_output().print_line(
      options.build.as_json ? text.value()
                            : console::job_title(opened) + " is open; " +
                                  console::build_name(found.build) + " goes on");
  return kExitOk;
}

}  // namespace

int run_job_unblock(const Arguments& arguments) {
  UnblockOptions options;
  CLI::App app("Opens a block or an input that waits for a person", "job unblock");
  options.build.add_to(app);
  options.build.add_json_to(app);
  app.add_option("--step", options.step, "Key or label of the block, when a build is given");
  app.add_option("--field", options.fields,
                 "KEY=VALUE: what to say to a field; again with the same key to choose several")
      ->allow_extra_args(false);
  app.footer(kUnblockExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.build.client, [&](HubClient& hub) { return unblock(hub, options); });
}

}  // namespace ostler::cli
