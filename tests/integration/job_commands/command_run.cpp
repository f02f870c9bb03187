// SPDX-License-Identifier: Apache-2.0
#include "integration/job_commands/command_run.hpp"

#include <sstream>

#include "files/file.hpp"

namespace ostler::job_commands {

using support::ServerAnswer;
using support::ServerRequest;

CommandServer::CommandServer(Way way) : way_(way) {
  server_ = std::make_unique<support::ScriptedServer>(
      [this](ServerRequest request) -> boost::asio::awaitable<ServerAnswer> {
        co_return answer(std::move(request));
      });
  url_ = server_->url();
  if (way_ == Way::JobSocket) {
    socket_ = std::make_unique<support::TcpProxy>(server_->port(), directory_ / "job.sock");
  }
}

void CommandServer::line_up(const std::string& call, std::deque<ServerAnswer> faults, Answer good) {
  line_.with([&](Line& line) { line = {call, std::move(faults), good}; });
}

int CommandServer::calls() const {
  return line_.with([](const Line& line) { return line.calls; });
}

std::vector<std::string> CommandServer::headers(const std::string& name) const {
  return line_.with([&](const Line& line) {
    std::vector<std::string> values;
    for (const auto& headers : line.headers) {
      const auto found = headers.find(name);
      values.push_back(found == headers.end() ? "" : found->second);
    }
    return values;
  });
}

void CommandServer::vanish() {
  socket_.reset();
  server_.reset();
  std::filesystem::remove(directory_ / "job.sock");
}

ServerAnswer CommandServer::answer(ServerRequest request) {
  for (const std::string prefix : {"/api/ostler/v0/agent-api/", "/v3/"}) {
    if (request.target.starts_with(prefix)) request.target.erase(0, prefix.size());
  }
  return line_.with([&](Line& line) -> ServerAnswer {
    if (!(request.method + " " + request.target).starts_with(line.call)) {
      return line.good(request, url_);
    }
    ++line.calls;
    line.headers.push_back(request.headers);
    if (line.faults.empty()) return line.good(request, url_);
    ServerAnswer next = std::move(line.faults.front());
    line.faults.pop_front();
    return next;
  });
}

std::map<std::string, std::string> CommandServer::environment(const std::string& sleeps) const {
  const bool by_socket = way_ == Way::JobSocket;
  return {{"BUILDKITE_AGENT_ENDPOINT", url_ + "/v3"},
          {"BUILDKITE_AGENT_ACCESS_TOKEN", "t"},
          {"BUILDKITE_AGENT_JOB_API_SOCKET", by_socket ? (directory_ / "job.sock").string() : ""},
          {"BUILDKITE_AGENT_JOB_API_TOKEN", by_socket ? "s" : ""},
          {"BUILDKITE_JOB_ID", "j"},
          {"BUILDKITE_BUILD_ID", "b"},
          {"BUILDKITE_STEP_ID", "s"},
          {"OSTLER_TEST_SLEEPS", sleeps},
          {"LD_PRELOAD", support::no_sleep_library()}};
}

CommandRun CommandServer::run(const std::vector<std::string>& command) {
  const auto sleeps = directory_ / "sleeps";
  std::filesystem::remove(sleeps);
  std::vector<std::string> words{support::ostler_program()};
  words.insert(words.end(), command.begin(), command.end());
  CommandRun run{support::run_program(words, {.environment = environment(sleeps.string()),
                                              .directory = directory_.path()}),
                 {}};
  const auto slept = files::read_file(sleeps);
  std::istringstream lines(slept ? slept.value() : "");
  for (long milliseconds = 0; lines >> milliseconds;) run.sleeps.push_back(milliseconds);
  return run;
}

}  // namespace ostler::job_commands
