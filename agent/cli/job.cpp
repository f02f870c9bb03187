// SPDX-License-Identifier: Apache-2.0
#include "cli/job.hpp"

#include <CLI/CLI.hpp>
#include <optional>

#include "agent_client/job_socket_transport.hpp"
#include "agent_client/path.hpp"
#include "cli/exit.hpp"
#include "cli/job_command.hpp"
#include "cli/options.hpp"
#include "cli/redacted_input.hpp"
#include "wire/agent_api_steps.hpp"

namespace ostler::cli {
namespace {

using agent_client::Transport;
namespace policy = agent_client::policy;

Result<void> update(Transport& transport, const std::string& job,
                    const wire::JobUpdateRequest& request) {
  OSTLER_TRY(std::string path, job_path(job, ""));
  path.pop_back();
  OSTLER_TRY(
      ask(transport, "job update", {"PUT", std::move(path), encode(request)}, policy::kJobUpdate));
  return success();
}

Result<void> promise(const wire::PromiseFailureRequest& request) {
  if (request.exit_status < 1) {
    return Error(Errc::UserFault, "job promise-failure: the exit status must be 1 or more");
  }
  OSTLER_TRY(const auto socket, agent_client::job_socket_from_environment());
  OSTLER_TRY(const auto reply,
             agent_client::call_job_api(
                 socket, {"POST", "/api/current-job/v0/promise-failure", encode(request), ""},
                 std::chrono::minutes(30)));
  if (reply.status != 200) {
    return Error(Errc::Protocol, "job promise-failure: the job socket answered " +
                                     std::to_string(reply.status) + ": " + reply.body);
  }
  OSTLER_TRY(const auto answer, wire::decode_promise_failure_answer(reply.body));
  if (answer.accepted) return success();
  return Error(Errc::Conflict, "job promise-failure: not accepted: " + answer.error);
}

}  // namespace

int job_update(const Arguments& arguments, Transport& transport) {
  CLI::App app("Changes an attribute of this job", "job update");
  std::string job;
  std::string globs;
  wire::JobUpdateRequest request;
  std::optional<std::string> given;
  take_common_flags(app);
  take_job(app, job);
  take_redacted_vars(app, globs);
  app.add_option("attribute", request.attribute, "timeout, in minutes from the job's start")
      ->required();
  app.add_option("value", given, "The value; standard input when not given");
  app.footer("Example:\n  ostler job update timeout 30");
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto value = value_or_standard_input(given, "the value");
  if (!value) return fail_in_job(value.error());
  request.value = redacted(value.value(), globs, "job update", "the value");
  return end_in_job(update(transport, job, request));
}

int job_promise_failure(const Arguments& arguments) {
  CLI::App app("Promises that this job will fail, whatever it reports", "job promise-failure");
  wire::PromiseFailureRequest request;
  std::string globs;
  take_common_flags(app);
  take_redacted_vars(app, globs);
  app.add_option("status", request.exit_status, "The exit status, at least 1")->required();
  app.add_option("--reason", request.reason, "Why, for whoever looks at the build");
  app.footer("Example:\n  ostler job promise-failure 1 --reason 'lint found faults'");
  if (const auto ended = read_options(app, arguments)) return *ended;
  request.reason = redacted(request.reason, globs, "job promise-failure", "the reason");
  return end_in_job(promise(request));
}

}  // namespace ostler::cli
