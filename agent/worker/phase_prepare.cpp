// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <vector>

#include "base/joined.hpp"
#include "environment/git_credentials.hpp"
#include "environment/redacted_vars.hpp"
#include "environment/shell_words.hpp"
#include "log/lines.hpp"
#include "process/signal_name.hpp"
#include "worker/child_environment.hpp"
#include "worker/job_secrets.hpp"
#include "worker/job_socket_server.hpp"
#include "worker/phase.hpp"
#include "worker/unsupported.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using environment::value_of;

namespace {

/// `<build path>/<agent name>/<organization>/<pipeline>`; only the agent's name is sanitised.
Result<std::string> default_directory(const JobContext& job) {
  std::string agent = value_of(job.env, "BUILDKITE_AGENT_NAME");
  for (char& byte : agent) {
    if (std::isalnum(static_cast<unsigned char>(byte)) == 0) byte = '-';
  }
  std::string path = value_of(job.env, "BUILDKITE_BUILD_PATH");
  const std::pair<const char*, std::string> parts[] = {
      {"BUILDKITE_AGENT_NAME", agent},
      {"BUILDKITE_ORGANIZATION_SLUG", value_of(job.env, "BUILDKITE_ORGANIZATION_SLUG")},
      {"BUILDKITE_PIPELINE_SLUG", value_of(job.env, "BUILDKITE_PIPELINE_SLUG")}};
  if (path.empty()) {
    return Error(Errc::UserFault,
                 "no checkout path: set build-path on the agent, or BUILDKITE_BUILD_CHECKOUT_PATH");
  }
  for (const auto& [name, part] : parts) {
    if (part.empty()) {
      return Error(Errc::UserFault, std::string("no checkout path: the job has no ") + name);
    }
    path += "/" + part;
  }
  return path;
}

Result<std::string> make_temporary_directory(const JobContext& job) {
  const std::string parent = job.variable("TMPDIR");
  std::string path =
      (parent.empty() ? "/tmp" : parent) + "/buildkite-job-" + job.document.job_id + "-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    return Error::from_errno(errno, "make a temporary directory " + path);
  }
  return path;
}

Result<void> choose_directory(JobContext& job) {
  std::string& path = job.env["BUILDKITE_BUILD_CHECKOUT_PATH"];
  if (path.empty() && value_of(job.env, "BUILDKITE_REPO").empty()) {
    OSTLER_TRY(path, make_temporary_directory(job));
    job.directory_is_temporary = true;
  } else if (path.empty()) {
    OSTLER_TRY(path, default_directory(job));
  }
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Error::from_errno(error.value(), "make the checkout directory " + path);
  job.directory = path;
  return success();
}

// Every git of the job trusts a host the first time it sees it, or only hosts that are known.
// Source: job-lifecycle 2.13.
void choose_ssh(JobContext& job) {
  if (!job.variable("GIT_SSH").empty()) return;
  const std::string command = job.variable("GIT_SSH_COMMAND");
  const bool strict = value_of(job.env, "BUILDKITE_SSH_KEYSCAN") == "false";
  job.env["GIT_SSH_COMMAND"] = (command.empty() ? "ssh" : command) +
                               " -o StrictHostKeyChecking=" + (strict ? "yes" : "accept-new");
}

/// How many settings git is given by the environment. Anybody may have set the variable: what is
/// no count that makes sense is none, as git would refuse to run with it.
int settings_of_git(const JobContext& job) {
  constexpr int kMostSettings = 1000;
  const std::string known = job.variable("GIT_CONFIG_COUNT");
  const char* const end = known.data() + known.size();
  int count = 0;
  const auto [stop, error] = std::from_chars(known.data(), end, count);
  const bool is_number = error == std::errc{} && stop == end;
  return is_number && count >= 0 && count <= kMostSettings ? count : 0;
}

/// Gives every git of the job one more setting, beside those that are given so already.
void configure_git(JobContext& job, const std::string& key, const std::string& value) {
  const int count = settings_of_git(job);
  const std::string number = std::to_string(count);
  job.env["GIT_CONFIG_KEY_" + number] = key;
  job.env["GIT_CONFIG_VALUE_" + number] = value;
  job.env["GIT_CONFIG_COUNT"] = std::to_string(count + 1);
}

// The server has tokens for the job's repositories; git asks for them by our command. Not in the
// user's configuration, which other jobs share. Source: job-lifecycle 2.14. Nobody knows where our
// command is without BUILDKITE_BIN_PATH.
void use_credentials_of_server(JobContext& job) {
  const std::string bin = value_of(job.env, "BUILDKITE_BIN_PATH");
  if (bin.empty() || !environment::takes_credentials_from_server(job.env)) return;
  const std::string program = bin + "/ostler";
  configure_git(job, "credential.useHttpPath", "true");
  configure_git(job, "credential.helper",
                "!" + environment::shell_quoted(program) + " git-credentials-helper");
  if (!environment::reaches_github_by_token(job.env)) return;
  configure_git(job, "url." + std::string(environment::kGithubOverHttps) + ".insteadOf",
                std::string(environment::kGithubOverSsh));
}

void complete_environment(JobContext& job) {
  job.env = job.document.env;
  job.env["BUILDKITE_JOB_ID"] = job.document.job_id;
  job.env["GIT_TERMINAL_PROMPT"] = "0";
  choose_ssh(job);
  use_credentials_of_server(job);
  const std::string& bin = value_of(job.env, "BUILDKITE_BIN_PATH");
  if (bin.empty()) return;
  const std::string path = job.variable("PATH");
  job.env["PATH"] = path.empty() ? bin : path + ":" + bin;
}

void warn_optionally(JobContext& job, std::string_view id, const std::string& text) {
  const std::string disabled =
      "," + value_of(job.env, "BUILDKITE_AGENT_DISABLE_WARNINGS_FOR") + ",";
  if (disabled.find("," + std::string(id) + ",") != disabled.npos) return job.log.line(text);
  job.log.line(log::warning(text +
                            ". You can disable this warning by passing the "
                            "`--disable-warnings-for " +
                            std::string(id) + "` flag"));
}

/// Must come before the first line of the log that is not ours alone.
void hide_secrets(JobContext& job) {
  environment::Variables all = inherited_environment();
  for (const auto& [name, value] : job.env) all.insert_or_assign(name, value);
  const environment::RedactedValues redacted = environment::redacted_values(all);
  for (const std::string& value : redacted.values) job.log.needles().add(value);
  if (!redacted.bad_patterns.empty()) {
    warn_optionally(
        job, "bad-redacted-vars",
        "Bad patterns in BUILDKITE_REDACTED_VARS: " + joined(redacted.bad_patterns, ", "));
  }
  if (!redacted.short_names.empty()) {
    warn_optionally(job, "short-redacted-vars",
                    "Some variables have values below minimum length (" +
                        std::to_string(environment::kShortestRedactedValue) +
                        " bytes) and will not be redacted: " + joined(redacted.short_names, ", "));
  }
}

void name_ignored_variables(JobContext& job) {
  std::string_view names = value_of(job.env, "BUILDKITE_IGNORED_ENV");
  if (names.empty()) return;
  job.log.line(log::section("Detected protected environment variables"));
  job.log.line(log::comment(
      "Your pipeline environment has protected environment variables set. These can only be set "
      "via hooks, plugins or the agent configuration."));
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(','), names.size());
    job.log.line(log::warning("Ignored " + std::string(names.substr(0, end))));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

Result<void> open_socket(JobContext& job) {
  if (job.document.job_socket.empty()) return success();
  OSTLER_TRY(job.socket, JobSocketServer::start(job, job.document.job_socket));
  job.env["BUILDKITE_AGENT_JOB_API_SOCKET"] = job.document.job_socket;
  job.env["BUILDKITE_AGENT_JOB_API_TOKEN"] = job.socket->token();
  return success();
}

Result<void> choose_signal(JobContext& job) {
  const std::string& signal = value_of(job.env, "BUILDKITE_CANCEL_SIGNAL");
  if (signal.empty()) return success();
  const auto number = process::parse_cancel_signal(signal);
  if (!number) return Error(Errc::UserFault, "BUILDKITE_CANCEL_SIGNAL: no signal: " + signal);
  job.cancellation.set_signal(*number);
  return success();
}

Result<void> try_to_prepare(JobContext& job) {
  complete_environment(job);
  OSTLER_TRY(open_socket(job));
  hide_secrets(job);
  OSTLER_TRY(choose_signal(job));
  name_ignored_variables(job);
  OSTLER_TRY(job.step_plugin_count, count_step_plugins(job.env));
  OSTLER_TRY(refuse_agent_hooks(job.env));
  return choose_directory(job);
}

}  // namespace

asio::awaitable<void> prepare(JobContext& job) {
  job.terminal = value_of(job.document.env, "BUILDKITE_PTY") != "false";
  job.log.use_terminal_line_ends(job.terminal);
  auto done = try_to_prepare(job);
  if (done) done = co_await bring_secrets(job);
  if (done) co_return;
  job.log.line(log::error("Error setting up job executor: " + done.error().message()));
  job.result.preparation = PhaseFailure{-1, done.error().message()};
}

}  // namespace ostler::worker
