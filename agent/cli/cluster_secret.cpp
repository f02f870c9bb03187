// SPDX-License-Identifier: Apache-2.0
// `ostler secret set|list|delete`: the secrets of a cluster.
#include <CLI/CLI.hpp>

#include "base/clock.hpp"
#include "base/uuid_prefix.hpp"
#include "cli/fleet_client.hpp"
#include "cli/hidden_input.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"
#include "console/duration_text.hpp"
#include "console/plain_text.hpp"
#include "console/table.hpp"
#include "wire/rest_secret_answers.hpp"

namespace ostler::cli {
namespace {

using wire::RestSecretAnswer;

constexpr const char* kSetExamples =
    "Examples:\n"
    "  ostler secret set DEPLOY_KEY < key.pem\n"
    "  ostler secret set NPM_TOKEN --description \"publishes @team\"     asks for it\n"
    "  ostler secret set NPM_TOKEN --writable-by-jobs --keep-value      opens it to plugins\n"
    "  ostler secret set NPM_TOKEN --keep-value --description npm --json | jq -r .id\n"
    "A job reads it with \"ostler secret get NPM_TOKEN\".\n";

struct SecretOptions {
  FleetFlags fleet;
  std::string key;
  std::optional<std::string> description;
  std::optional<bool> writable_by_jobs;
  bool keeps_value = false;
  bool as_json = false;
};

void print_secret_line(const std::string& line) {
  console::Terminal::of_standard_output().print_line(line);
}

/// "rotate#1.0.0, job 0198a1b2-5a1c-7abc", by which `ostler job log` finds it; "a person, or jobs"
/// says that plugins may, and none has.
std::string setter_of(const RestSecretAnswer& secret) {
  if (secret.writer_plugin.empty()) return secret.writable_by_jobs ? "a person, or jobs" : "";
  return console::plain_line(secret.writer_plugin) + ", job " +
         console::plain_line(short_form(secret.writer_job));
}

const RestSecretAnswer* find_secret(const std::vector<RestSecretAnswer>& secrets,
                                    const std::string& key) {
  for (const RestSecretAnswer& secret : secrets) {
    if (secret.key == key) return &secret;
  }
  return nullptr;
}

/// `value`: none: it keeps the one that it has.
Result<void> replace(FleetClient& fleet, const RestSecretAnswer& known,
                     const std::optional<Secret>& value, const SecretOptions& options) {
  const std::string path = "/secrets/" + known.id;
  // Closed to jobs before the value comes: none sets it in between.
  if (options.description || options.writable_by_jobs) {
    OSTLER_TRY(
        fleet.ask("PUT", path,
                  wire::encode_rest_secret_change(options.description, options.writable_by_jobs)));
  }
  if (!value) return success();
  OSTLER_TRY(fleet.ask("PUT", path + "/value", wire::encode_rest_secret_value(*value)));
  return success();
}

Result<void> set(FleetClient& fleet, const SecretOptions& options) {
  if (options.keeps_value && !options.description && !options.writable_by_jobs) {
    return Error(Errc::UserFault,
                 "nothing to change: give --description or --writable-by-jobs with --keep-value");
  }
  std::optional<Secret> value;
  if (!options.keeps_value) {
    OSTLER_TRY(value, read_hidden_text("secret set", "value"));
  }
  OSTLER_TRY(const std::string text, fleet.secrets_text());
  OSTLER_TRY(const auto secrets, wire::decode_rest_secrets(text));
  const RestSecretAnswer* known = find_secret(secrets, options.key);
  std::string made;
  if (known != nullptr) {
    OSTLER_TRY(replace(fleet, *known, value, options));
  } else if (!value) {
    return Error(Errc::UserFault, "there is no secret " + options.key + " whose value to keep");
  } else {
    OSTLER_TRY(made, fleet.ask("POST", "/secrets",
                               wire::encode_rest_new_secret(
                                   options.key, *value, options.description.value_or(""),
                                   options.writable_by_jobs.value_or(false))));
  }
  if (options.as_json) {
    OSTLER_TRY(const std::string json, known == nullptr
                                           ? Result<std::string>(std::move(made))
                                           : fleet.ask("GET", "/secrets/" + known->id));
    print_secret_line(json);
    return success();
  }
  print_secret_line((known != nullptr ? "changed secret " : "made secret ") + options.key +
                    " of cluster " + console::plain_line(fleet.cluster().name));
  return success();
}

Result<void> show_secrets(FleetClient& fleet, const SecretOptions& options) {
  OSTLER_TRY(const std::string text, fleet.secrets_text());
  if (options.as_json) {
    print_secret_line(text);
    return success();
  }
  OSTLER_TRY(const auto secrets, wire::decode_rest_secrets(text));
  const auto faint = console::Style::Faint;
  std::vector<std::vector<console::Cell>> rows = {
      {{"KEY", faint}, {"CHANGED", faint}, {"SET BY", faint}, {"DESCRIPTION", faint}}};
  const Timestamp now = SystemClock().now();
  for (const RestSecretAnswer& secret : secrets) {
    const auto at = secret.updated_at;
    rows.push_back({{console::plain_line(secret.key), console::Style::Bold},
                    {at ? console::age_text(now - *at) : ""},
                    {setter_of(secret)},
                    {console::plain_line(secret.description)}});
  }
  for (const auto& line : console::table_lines(rows, console::Terminal::of_standard_output(), 1)) {
    print_secret_line(line);
  }
  return success();
}

Result<void> remove(FleetClient& fleet, const SecretOptions& options) {
  OSTLER_TRY(const std::string text, fleet.secrets_text());
  OSTLER_TRY(const auto secrets, wire::decode_rest_secrets(text));
  const RestSecretAnswer* known = find_secret(secrets, options.key);
  if (known == nullptr) {
    return Error(Errc::UserFault,
                 "there is no secret " + options.key + "; \"ostler secret list\" shows them");
  }
  OSTLER_TRY(fleet.ask("DELETE", "/secrets/" + known->id));
  print_secret_line("deleted secret " + options.key);
  return success();
}

}  // namespace

int run_secret_set(const Arguments& arguments) {
  SecretOptions options;
  CLI::App app(
      "Makes or changes a secret of a cluster. Its value is read from standard input, or "
      "asked for without being shown",
      "secret set");
  app.add_option("KEY", options.key, "Name: letters, digits and underscores")->required();
  app.add_option("--description", options.description, "What it is for");
  bool is_writable = false;
  const auto* writable = app.add_flag("--writable-by-jobs", is_writable,
                                      "Let step plugins of jobs set it, too; \"=false\" ends that");
  app.add_flag("--keep-value", options.keeps_value, "Read no value: it keeps the one that it has");
  app.add_flag("--json", options.as_json,
               "Print the REST API's answer as it is, without the value");
  take_fleet_flags(app, options.fleet);
  app.footer(kSetExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (writable->count() > 0) options.writable_by_jobs = is_writable;
  return run_at_cluster(options.fleet, [&](FleetClient& fleet) { return set(fleet, options); });
}

int run_secret_list(const Arguments& arguments) {
  SecretOptions options;
  CLI::App app("Lists the secrets of a cluster, but not their values", "secret list");
  app.add_flag("--json", options.as_json, "Print the REST API's answer as it is");
  take_fleet_flags(app, options.fleet);
  app.footer("Example:\n  ostler secret list --json");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_cluster(options.fleet,
                        [&](FleetClient& fleet) { return show_secrets(fleet, options); });
}

int run_secret_delete(const Arguments& arguments) {
  SecretOptions options;
  CLI::App app("Deletes a secret of a cluster", "secret delete");
  app.add_option("KEY", options.key, "Which one")->required();
  take_fleet_flags(app, options.fleet);
  app.footer("Example:\n  ostler secret delete NPM_TOKEN");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_cluster(options.fleet, [&](FleetClient& fleet) { return remove(fleet, options); });
}

}  // namespace ostler::cli
