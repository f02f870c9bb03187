// SPDX-License-Identifier: Apache-2.0
#include "cli/agent_control.hpp"

#include <CLI/CLI.hpp>

#include "cli/job_command.hpp"
#include "cli/options.hpp"
#include "wire/agent_api.hpp"

namespace ostler::cli {
namespace {

int tell(agent_client::Transport& transport, const std::string& command, std::string body) {
  const auto answer = ask(transport, command, {"POST", command, std::move(body)},
                          agent_client::policy::kAgentControl);
  return answer ? kExitOk : fail_in_job(answer.error());
}

}  // namespace

int pause_agent(const Arguments& arguments, agent_client::Transport& transport) {
  CLI::App app("Gives the agent that runs this job no more jobs; this one goes on", "pause");
  wire::PauseRequest request;
  take_common_flags(app);
  app.add_option("--note", request.note, "Why, for those who see the agent paused")
      ->envname("BUILDKITE_AGENT_PAUSE_NOTE");
  app.add_option("--timeout-in-minutes", request.timeout_in_minutes,
                 "When it takes jobs again by itself; 0: when it is resumed")
      ->envname("BUILDKITE_AGENT_PAUSE_TIMEOUT_MINUTES")
      ->check(CLI::NonNegativeNumber);
  app.footer("Example:\n  ostler pause --note 'the disk is full' --timeout-in-minutes 30");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return tell(transport, "pause", encode(request));
}

int resume_agent(const Arguments& arguments, agent_client::Transport& transport) {
  CLI::App app("Lets the agent that runs this job take jobs again", "resume");
  take_common_flags(app);
  app.footer("Example:\n  ostler resume");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return tell(transport, "resume", "");
}

int stop_agent(const Arguments& arguments, agent_client::Transport& transport) {
  CLI::App app("Ends the agent that runs this job, once the job is over", "stop");
  wire::StopRequest request;
  take_common_flags(app);
  app.add_flag("--force", request.force, "Cancel the job, too");
  app.footer("Example:\n  ostler stop");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return tell(transport, "stop", encode(request));
}

}  // namespace ostler::cli
