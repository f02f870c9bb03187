// SPDX-License-Identifier: Apache-2.0
// `ostler job events`: what the steps of a job have come to.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <vector>

#include "cli/build_commands.hpp"
#include "cli/build_finder.hpp"
#include "cli/hub_session.hpp"
#include "cli/job_choice.hpp"
#include "cli/options.hpp"
#include "console/plain_text.hpp"
#include "console/terminal.hpp"
#include "wire/rest_job_event.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kJobEventsExamples =
    "Examples:\n"
    "  ostler job events                 of the newest build\n"
    "  ostler job events app/42 --step test\n";
constexpr std::size_t kEventsOfPage = 100;  // the most that the hub gives at once
constexpr int kPagesOfEvents = 20;          // a hub keeps 2,000 events of a job
constexpr std::size_t kKindWidth = 9;

struct JobEventsOptions {
  BuildCommandOptions build;
  std::string step;
};

void print_event(console::Terminal& terminal, const wire::RestJobEvent& event) {
  std::string kind = event.kind;
  kind.resize(std::max(kind.size() + 1, kKindWidth), ' ');
  terminal.print_line(console::plain_line(kind + event.text));
}

Result<int> print_job_events(HubClient& hub, const JobEventsOptions& options) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.build.reference));
  OSTLER_TRY(const auto job, choose_job(found, options.step, JobPurpose::Read, "job events"));
  auto terminal = console::Terminal::of_standard_output();
  bool has_any = false;
  for (int page = 1; page <= kPagesOfEvents; ++page) {
    OSTLER_TRY(const auto answer,
               hub.ask("GET", "/jobs/" + job + "/events?per_page=" + std::to_string(kEventsOfPage) +
                                  "&page=" + std::to_string(page)));
    OSTLER_TRY(const auto events, wire::decode_rest_job_events(answer));
    has_any = has_any || !events.empty();
    if (options.build.as_json && (page == 1 || !events.empty())) terminal.print_line(answer);
    for (const wire::RestJobEvent& event : events) {
      if (!options.build.as_json) print_event(terminal, event);
    }
    if (events.size() < kEventsOfPage) break;
  }
  if (!has_any && !options.build.as_json) {
    terminal.print_line("no step of this job has told anything; step plugins do");
  }
  return kExitOk;
}

}  // namespace

int run_job_events(const Arguments& arguments) {
  CLI::App app("Prints what the steps of a job have come to: results, outputs, metrics, reports",
               "job events");
  app.footer(kJobEventsExamples);
  JobEventsOptions options;
  options.build.add_to(app);
  options.build.add_json_to(app);
  app.add_option("--step", options.step, "Key or label of the job, when a build is given");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.build.client,
                    [&](HubClient& hub) { return print_job_events(hub, options); });
}

}  // namespace ostler::cli
