// SPDX-License-Identifier: Apache-2.0
#include "cli/job_command.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "agent_client/path.hpp"
#include "base/uuid.hpp"
#include "cli/command.hpp"
#include "cli/exit.hpp"
#include "console/standard_output.hpp"

namespace ostler::cli {

void take_common_flags(CLI::App& app) {
  for (const char* name : {"--log-level", "--experiment", "--profile"}) {
    app.add_option(name)->group("");
  }
  for (const char* name : {"--no-color", "--debug", "--no-http2", "--debug-http", "--trace-http"}) {
    app.add_flag(name)->group("");
  }
}

bool has_common_flags(const CLI::App& app) {
  return app.get_option_no_throw("--experiment") != nullptr;
}

void take_job(CLI::App& app, std::string& job) {
  app.add_option("--job", job, "The job that asks")->envname("BUILDKITE_JOB_ID");
}

Result<std::string> job_path(std::string_view job, std::string_view rest) {
  if (job.empty()) return Error(Errc::UserFault, "no job: set BUILDKITE_JOB_ID or pass --job");
  return "jobs/" + agent_client::path_segment(job) + "/" + std::string(rest);
}

agent_client::ApiCall call_of(Question question) {
  return {std::move(question.method), std::move(question.path), std::move(question.body),
          Uuid::make().str()};
}

agent_client::RetryClock telling_clock(std::string_view command) {
  return agent_client::RetryClock::telling(
      [command = std::string(command)](const std::string& sentence) {
        remark("ostler: " + command + ": " + sentence);
      });
}

Result<std::string> ask(agent_client::Transport& transport, std::string_view command,
                        Question question, const agent_client::RetryPolicy& policy) {
  return agent_client::ask(transport, command, call_of(std::move(question)), policy, {},
                           telling_clock(command));
}

int fail_in_job(const Error& error) { return fail(error.message()); }

int end_in_job(const Result<void>& done) { return done ? kExitOk : fail_in_job(done.error()); }

void print(std::string_view text) {
  const std::string shown = console::as_standard_output_shows(text);
  std::fwrite(shown.data(), 1, shown.size(), stdout);
}

}  // namespace ostler::cli
