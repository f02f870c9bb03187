// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/build_commands.hpp"
#include "cli/build_to_change.hpp"
#include "cli/hub_session.hpp"
#include "cli/job_choice.hpp"
#include "cli/options.hpp"
#include "console/job_words.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kJobRetryExamples =
    "Examples:\n"
    "  ostler job retry                  the only job that failed in the newest build\n"
    "  ostler job retry app/42 --step test\n"
    "  ostler job retry 0192f1e7-5a1c-7000-8000-00000000000a\n"
    "  ostler job retry app/42 --step test --json | jq -r .id\n"
    "Exit status: 0 the job runs again, 2 there is none or it may not\n";

Result<int> retry_job(HubClient& hub, const BuildCommandOptions& options, const std::string& step) {
  OSTLER_TRY(const auto found, find_build_to_change(hub, options.reference, "job retry"));
  OSTLER_TRY(const std::string id, choose_job(found, step, JobPurpose::Retry, "job retry"));
  const auto text = hub.retry_job_text(id);
  if (!text) return with_next_step(text.error(), how_to_rebuild(found.build));
  OSTLER_TRY(const auto job, wire::decode_rest_job(text.value()));
  console::Terminal::of_standard_output().print_line(
      options.as_json
          ? text.value()
          : "retrying " + console::job_title_in(found.build, id, console::job_title(job)) +
                ", attempt " + std::to_string(job.retries_count + 1) + ": job " + job.id);
  return kExitOk;
}

}  // namespace

int run_job_retry(const Arguments& arguments) {
  BuildCommandOptions options;
  std::string step;
  CLI::App app("Runs a job that failed, timed out or was canceled once more", "job retry");
  options.add_to(app);
  options.add_json_to(app);
  app.add_option("--step", step, "Key or label of the job, when a build is given");
  app.footer(kJobRetryExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client, [&](HubClient& hub) { return retry_job(hub, options, step); });
}

}  // namespace ostler::cli
