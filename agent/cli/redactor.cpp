// SPDX-License-Identifier: Apache-2.0
#include "cli/redactor.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/exit.hpp"
#include "cli/job_api.hpp"
#include "cli/job_command.hpp"
#include "cli/options.hpp"
#include "cli/redacted_input.hpp"
#include "environment/redacted_vars.hpp"
#include "files/file.hpp"

namespace ostler::cli {
namespace {

constexpr std::size_t kLargestInput = 8u << 20;  // bytes

struct RedactorFlags {
  std::string file;
  std::string format = "none";
  bool apply_vars_filter = false;
  std::string redacted_vars;
};

std::string trimmed(const std::string& text) {
  constexpr std::string_view kBlank = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// The values of a flat object of texts; with the filter, of those members only whose names match.
Result<std::vector<std::string>> secrets_in_json(const std::string& text,
                                                 const RedactorFlags& flags) {
  const auto object = nlohmann::json::parse(text, nullptr, false);
  environment::Variables members;
  if (!object.is_object()) {
    return Error(Errc::UserFault, "redactor add: the input is not a JSON object of texts");
  }
  for (const auto& [name, value] : object.items()) {
    if (!value.is_string()) {
      return Error(Errc::UserFault, "redactor add: the value of \"" + name + "\" is not a text");
    }
    members[name] = value.get<std::string>();
  }
  std::vector<std::string> secrets;
  if (!flags.apply_vars_filter) {
    for (const auto& [name, value] : members) secrets.push_back(value);
    return secrets;
  }
  members["BUILDKITE_REDACTED_VARS"] = flags.redacted_vars;
  return environment::redacted_values(members).values;
}

Result<void> add(const RedactorFlags& flags) {
  Result<std::string> input = flags.file.empty() ? read_standard_input("the input")
                                                 : files::read_file(flags.file, kLargestInput);
  if (!input) return std::move(input).error().with_context("redactor add");
  std::vector<std::string> secrets{trimmed(input.value())};
  if (flags.format == "json") {
    OSTLER_TRY(secrets, secrets_in_json(input.value(), flags));
  }
  std::erase(secrets, "");
  if (secrets.empty()) std::fputs("ostler: redactor add: the input holds no secret\n", stderr);
  return add_redactions("redactor add", secrets);
}

}  // namespace

int redactor_add(const Arguments& arguments) {
  CLI::App app("Hides texts in what the job prints from now on", "redactor add");
  RedactorFlags flags;
  take_common_flags(app);
  take_redacted_vars(app, flags.redacted_vars);
  app.add_option("--agent-access-token")->group("");
  app.add_option("--endpoint")->group("");
  app.add_option("file", flags.file, "What to hide; standard input when not given");
  app.add_option("--format", flags.format, "none: the whole input; json: each value of an object")
      ->envname("BUILDKITE_AGENT_REDACT_ADD_FORMAT")
      ->capture_default_str();
  app.add_flag("--apply-vars-filter", flags.apply_vars_filter,
               "Of JSON, only values whose names match --redacted-vars, of 6 bytes or more")
      ->envname("BUILDKITE_AGENT_REDACT_VARS_FILTER");
  app.footer(
      "Examples:\n"
      "  ./fetch-password | ostler redactor add\n"
      "  ostler redactor add --format json credentials.json     each value in it\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (flags.format != "none" && flags.format != "json") {
    return fail("redactor add: format \"" + flags.format + "\": say none or json");
  }
  return end_in_job(add(flags));
}

}  // namespace ostler::cli
