// SPDX-License-Identifier: Apache-2.0
#include "cli/oidc.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/exit.hpp"
#include "cli/job_api.hpp"
#include "cli/job_command.hpp"
#include "cli/options.hpp"
#include "wire/agent_api_secrets.hpp"
#include "wire/json_reader.hpp"

namespace ostler::cli {
namespace {

constexpr agent_client::RetryPolicy kRequest{5, agent_client::Growth::Exponential,
                                             agent_client::policy::kSecond};

struct OidcFlags {
  std::string job;
  std::string format = "jwt";
  bool skip_redaction = false;
  wire::OidcTokenRequest request;
};

void describe(CLI::App& app, OidcFlags& flags) {
  take_common_flags(app);
  take_job(app, flags.job);
  app.add_option("--audience", flags.request.audience, "Whom the token is for");
  app.add_option("--lifetime", flags.request.lifetime, "Seconds; 0: as long as the server likes");
  app.add_option("--subject-claim", flags.request.subject_claim, "The claim that is the subject")
      ->envname("BUILDKITE_OIDC_TOKEN_SUBJECT_CLAIM");
  app.add_option("--claim", flags.request.claims, "More claims to put in (comma list)")
      ->envname("BUILDKITE_OIDC_TOKEN_CLAIMS")
      ->delimiter(',');
  app.add_option("--aws-session-tag", flags.request.aws_session_tags,
                 "Claims to put in as tags of an AWS session (comma list)")
      ->envname("BUILDKITE_OIDC_TOKEN_AWS_SESSION_TAGS")
      ->delimiter(',');
  app.add_option("--format", flags.format, "jwt or gcp")->capture_default_str();
  app.add_flag("--skip-redaction", flags.skip_redaction, "Do not hide the token in the log")
      ->envname("BUILDKITE_AGENT_OIDC_REQUEST_TOKEN_SKIP_TOKEN_REDACTION");
}

std::string printed(const Secret& token, const std::string& format) {
  if (format == "jwt") return token.reveal() + "\n";
  return wire::to_text({{"id_token", token.reveal()},
                        {"token_type", "urn:ietf:params:oauth:token-type:jwt"},
                        {"version", 1},
                        {"success", true}}) +
         "\n";
}

Result<void> request_and_print(agent_client::Transport& transport, const OidcFlags& flags) {
  OSTLER_TRY(std::string path, job_path(flags.job, "oidc/tokens"));
  OSTLER_TRY(
      const auto token,
      ask(transport, "oidc request-token", {"POST", std::move(path), wire::encode(flags.request)},
          kRequest, [](const std::string& body) { return wire::decode_token(body); }));
  return print_secret({.command = "oidc request-token",
                       .variable = "BUILDKITE_AGENT_OIDC_REQUEST_TOKEN_SKIP_TOKEN_REDACTION",
                       .skip_redaction = flags.skip_redaction},
                      {token.reveal()}, printed(token, flags.format));
}

}  // namespace

int oidc_request_token(const Arguments& arguments, agent_client::Transport& transport) {
  CLI::App app("Prints an identity token of the job, which the log then hides",
               "oidc request-token");
  OidcFlags flags;
  describe(app, flags);
  app.footer(
      "Example:\n  ostler oidc request-token --audience https://vault.example.com --lifetime 300");
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (flags.request.lifetime < 0)
    return fail("oidc request-token: a lifetime is 0 or more seconds");
  if (flags.format != "jwt" && flags.format != "gcp") {
    return fail("oidc request-token: format \"" + flags.format + "\": say jwt or gcp");
  }
  return end_in_job(request_and_print(transport, flags));
}

}  // namespace ostler::cli
