// SPDX-License-Identifier: Apache-2.0
#include "cli/job_command.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "agent_client/call_with_retries.hpp"
#include "agent_client/path.hpp"
#include "agent_client/status_error.hpp"
#include "base/uuid.hpp"
#include "cli/command.hpp"
#include "cli/exit.hpp"

namespace ostler::cli {

void take_common_flags(CLI::App& app) {
  for (const char* name : {"--log-level", "--experiment", "--profile"}) {
    app.add_option(name)->group("");
  }
  for (const char* name : {"--no-color", "--debug", "--no-http2", "--debug-http", "--trace-http"}) {
    app.add_flag(name)->group("");
  }
}

void take_job(CLI::App& app, std::string& job) {
  app.add_option("--job", job, "The job that asks")->envname("BUILDKITE_JOB_ID");
}

Result<std::string> job_path(std::string_view job, std::string_view rest) {
  if (job.empty()) return Error(Errc::UserFault, "no job: set BUILDKITE_JOB_ID or pass --job");
  return "jobs/" + agent_client::path_segment(job) + "/" + std::string(rest);
}

Result<std::string> ask(agent_client::Transport& transport, std::string_view command,
                        Question question, const agent_client::RetryPolicy& policy,
                        const agent_client::BodyCheck& check) {
  agent_client::ApiCall call{std::move(question.method), std::move(question.path),
                             std::move(question.body), Uuid::make().str()};
  auto answer = agent_client::call_with_retries(transport, call, policy, check);
  if (!answer) return std::move(answer).error().with_context(command);
  const int status = answer.value().status;
  if (status < 200 || status > 299) {
    return agent_client::error_of_status(command, status, answer.value().body);
  }
  return std::move(answer).value().body;
}

int fail_in_job(const Error& error) { return fail(error.message()); }

int end_in_job(const Result<void>& done) { return done ? kExitOk : fail_in_job(done.error()); }

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\v\f") == text.npos; }

}  // namespace ostler::cli
