// SPDX-License-Identifier: Apache-2.0
#include "cli/git_credentials.hpp"

#include <CLI/CLI.hpp>
#include <string_view>

#include "cli/exit.hpp"
#include "cli/job_api.hpp"
#include "cli/job_command.hpp"
#include "cli/options.hpp"
#include "cli/redacted_input.hpp"
#include "wire/agent_api_secrets.hpp"

namespace ostler::cli {
namespace {

using agent_client::policy::kSecond;
constexpr agent_client::RetryPolicy kTokenPolicy{3, agent_client::Growth::Constant, 5 * kSecond};

/// The URL that git's question is about. Errors: UserFault when it is not of https, or not whole.
Result<std::string> url_in(std::string_view question) {
  std::string_view protocol;
  std::string_view host;
  std::string_view path;
  while (!question.empty()) {
    const std::string_view line = question.substr(0, question.find('\n'));
    question.remove_prefix(std::min(line.size() + 1, question.size()));
    if (line.starts_with("protocol=")) protocol = line.substr(9);
    if (line.starts_with("host=")) host = line.substr(5);
    if (line.starts_with("path=")) path = line.substr(5);
  }
  if (protocol != "https" || host.empty() || path.empty()) {
    return Error(Errc::UserFault,
                 "git-credentials-helper: the question must have protocol=https, host and path; "
                 "git gives the path with credential.useHttpPath=true");
  }
  return "https://" + std::string(host) + "/" + std::string(path);
}

Result<void> answer_git(agent_client::Transport& transport, const std::string& job) {
  OSTLER_TRY(const auto question, read_standard_input("git's question"));
  OSTLER_TRY(const auto url, url_in(question));
  OSTLER_TRY(std::string path, job_path(job, "repository_access_token"));
  OSTLER_TRY(const auto token,
             ask(transport, "git-credentials-helper",
                 {"POST", std::move(path), wire::encode_repository_token_request(url)},
                 kTokenPolicy, [](const std::string& body) { return wire::decode_token(body); }));
  // Git keeps it to itself. Where a command prints it all the same, the log hides it; outside of a
  // job there is no log to hide it in.
  static_cast<void>(add_redactions("git-credentials-helper", {token.reveal()}).has_value());
  print("username=token\npassword=" + token.reveal() + "\n\n");
  return success();
}

}  // namespace

int git_credentials_helper(const Arguments& arguments, agent_client::Transport& transport) {
  CLI::App app("Answers git with the token that the server has for a repository",
               "git-credentials-helper");
  std::string job;
  std::string action;
  take_common_flags(app);
  take_job(app, job);
  app.add_option("action", action, "get; anything else does nothing, as git wants it")->required();
  app.footer(
      "Examples:\n"
      "  git config credential.https://github.com.helper '!ostler git-credentials-helper'\n"
      "  git config credential.https://github.com.useHttpPath true     answers by it\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (action != "get") return kExitOk;
  const auto answered = answer_git(transport, job);
  if (answered) return kExitOk;
  // Without an answer git would ask elsewhere; this one is refused, and git says so.
  print("username=fail\npassword=fail\n\n");
  return fail_in_job(answered.error());
}

}  // namespace ostler::cli
