// SPDX-License-Identifier: Apache-2.0
#include "cli/secret.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/exit.hpp"
#include "cli/job_api.hpp"
#include "cli/job_command.hpp"
#include "cli/options.hpp"
#include "environment/shell_words.hpp"
#include "wire/agent_api_secrets.hpp"
#include "wire/json_reader.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::cli {
namespace {

struct SecretFlags {
  std::vector<std::string> keys;
  std::string job;
  std::string format = "default";
  bool skip_redaction = false;
};

using Values = std::map<std::string, std::string>;

Result<wire::JobSecret> fetch(agent_client::Transport& transport, const std::string& job,
                              const std::string& key) {
  OSTLER_TRY(std::string path, job_path(job, "secrets?key=" + wire::percent_encode(key)));
  return ask(transport, key, {"GET", std::move(path), ""}, agent_client::policy::kSecretGet,
             [](const std::string& body) { return wire::decode_job_secret(body); });
}

/// All of them by their keys, or an error that names each that could not be had.
Result<Values> fetch_all(agent_client::Transport& transport, const SecretFlags& flags) {
  Values values;
  std::string failures;
  Errc code = Errc::NotFound;
  for (const std::string& key : flags.keys) {
    auto secret = fetch(transport, flags.job, key);
    if (secret) {
      values[secret.value().key] = secret.value().value.reveal();
    } else {
      failures += (failures.empty() ? "" : "; ") + secret.error().message();
      code = secret.error().code();
    }
  }
  if (failures.empty()) return values;
  return Error(code, "secret get: some secrets could not be fetched: " + failures);
}

std::string as_env(const Values& values) {
  std::string text;
  for (const auto& [key, value] : values) {
    std::string name = key;
    std::ranges::transform(name, name.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    });
    text += name + "=" + environment::shell_quoted(value) + "\n";
  }
  return text;
}

std::string printed(const Values& values, const SecretFlags& flags) {
  if (flags.format == "env") return as_env(values);
  if (flags.format == "default" && flags.keys.size() == 1) return values.begin()->second + "\n";
  return wire::to_text(values) + "\n";
}

Result<void> fetch_and_print(agent_client::Transport& transport, const SecretFlags& flags) {
  OSTLER_TRY(const auto values, fetch_all(transport, flags));
  std::vector<std::string> secrets;
  for (const auto& [key, value] : values) secrets.push_back(value);
  return print_secret({.command = "secret get",
                       .variable = "BUILDKITE_AGENT_SECRET_GET_SKIP_SECRET_REDACTION",
                       .skip_redaction = flags.skip_redaction},
                      secrets, printed(values, flags));
}

}  // namespace

int secret_get(const Arguments& arguments, agent_client::Transport& transport) {
  CLI::App app("Prints the values of secrets, which the log then hides", "secret get");
  SecretFlags flags;
  take_common_flags(app);
  take_job(app, flags.job);
  app.add_option("keys", flags.keys, "Keys of secrets");
  app.add_option("--format", flags.format, "default, json or env")
      ->envname("BUILDKITE_AGENT_SECRET_GET_FORMAT")
      ->capture_default_str();
  app.add_flag("--skip-redaction", flags.skip_redaction, "Do not hide the values in the log")
      ->envname("BUILDKITE_AGENT_SECRET_GET_SKIP_SECRET_REDACTION");
  app.footer(
      "Examples:\n"
      "  npm_token=$(ostler secret get NPM_TOKEN)\n"
      "  eval \"$(ostler secret get NPM_TOKEN DEPLOY_KEY --format env)\"     sets both\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (flags.keys.empty()) return fail("secret get: name at least one key");
  if (flags.format != "default" && flags.format != "json" && flags.format != "env") {
    return fail("secret get: format \"" + flags.format + "\": say default, json or env");
  }
  return end_in_job(fetch_and_print(transport, flags));
}

}  // namespace ostler::cli
