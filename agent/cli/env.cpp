// SPDX-License-Identifier: Apache-2.0
#include "cli/env.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/exit.hpp"
#include "cli/job_api.hpp"
#include "cli/job_command.hpp"
#include "cli/options.hpp"
#include "cli/redacted_input.hpp"
#include "environment/variables.hpp"
#include "wire/job_api.hpp"

namespace ostler::cli {
namespace {

using nlohmann::json;
using Names = std::vector<std::string>;

/// How a command reads and prints, and what it was given.
struct EnvFlags {
  Names words;
  std::string input = "plain";
  std::string output = "plain";
};

Result<void> check_format(const std::string& format,
                          std::initializer_list<std::string_view> known) {
  std::string list;
  for (const std::string_view name : known) {
    if (format == name) return success();
    list.append(list.empty() ? "" : ", ").append(name);
  }
  return Error(Errc::UserFault, "format \"" + format + "\" is none of " + list);
}

void print_json(const json& value, const std::string& format) {
  const int indent = format == "json-pretty" ? 2 : -1;
  print(value.dump(indent, ' ', false, json::error_handler_t::replace) + "\n");
}

void add_change_formats(CLI::App& app, EnvFlags& flags, const std::string& variable) {
  app.add_option("--input-format", flags.input, "plain or json")
      ->envname(variable + "_INPUT_FORMAT")
      ->capture_default_str();
  app.add_option("--output-format", flags.output, "quiet, plain, json or json-pretty")
      ->envname(variable + "_OUTPUT_FORMAT")
      ->capture_default_str();
}

Result<void> check_change_formats(const EnvFlags& flags) {
  OSTLER_TRY(check_format(flags.input, {"plain", "json"}));
  return check_format(flags.output, {"quiet", "plain", "json", "json-pretty"});
}

/// Calls `take` with each word, and with each line of standard input for the word "-".
template <class Take>
Result<void> for_each_input(const Names& words, Take take) {
  for (const std::string& word : words) {
    if (word != "-") {
      OSTLER_TRY(take(word));
      continue;
    }
    OSTLER_TRY(const std::string input, read_standard_input("the list"));
    std::string_view left = input;
    while (!left.empty()) {
      std::string_view line = left.substr(0, left.find('\n'));
      left.remove_prefix(std::min(left.size(), line.size() + 1));
      if (line.ends_with('\r')) line.remove_suffix(1);
      OSTLER_TRY(take(std::string(line)));
    }
  }
  return success();
}

/// Of `env` what is asked for. False when something is not there, which is said.
bool keep_wanted(std::map<std::string, std::string>& env, const Names& wanted) {
  bool all = true;
  std::map<std::string, std::string> kept;
  for (const std::string& name : wanted) {
    const auto found = env.find(name);
    if (found != env.end()) {
      kept.insert(*found);
    } else {
      std::fprintf(stderr, "ostler: env get: %s is not set\n", name.c_str());
      all = false;
    }
  }
  if (!wanted.empty()) env = std::move(kept);
  return all;
}

Result<int> get(const EnvFlags& flags) {
  OSTLER_TRY(check_format(flags.output, {"plain", "json", "json-pretty"}));
  OSTLER_TRY(const auto body, ask_job_api("env get", "GET", "env", ""));
  OSTLER_TRY(auto env, wire::decode_job_env(body));
  const bool all = keep_wanted(env, flags.words);
  if (flags.output != "plain") {
    print_json(env, flags.output);
  } else if (flags.words.size() == 1) {
    for (const auto& [name, value] : env) print(value + "\n");
  } else {
    for (const auto& [name, value] : env) print(name + "=" + value + "\n");
  }
  return all ? kExitOk : kExitFailed;
}

Result<void> take_assignments(const std::string& word, bool is_json,
                              std::map<std::string, std::string>& env) {
  if (!is_json) {
    const std::size_t equals = word.find('=');
    if (equals == word.npos || equals == 0) {
      return Error(Errc::UserFault, "\"" + word + "\" is not NAME=value");
    }
    env[word.substr(0, equals)] = word.substr(equals + 1);
    return success();
  }
  const json object = json::parse(word, nullptr, false);
  if (!object.is_object()) return Error(Errc::UserFault, "the input is not a JSON object of texts");
  for (const auto& [name, value] : object.items()) {
    if (!value.is_string()) {
      return Error(Errc::UserFault, "the value of \"" + name + "\" is not a text");
    }
    env[name] = value.get<std::string>();
  }
  return success();
}

void print_change(const wire::EnvChange& change, const std::string& format) {
  if (format == "quiet") return;
  if (format != "plain") {
    return print_json({{"added", change.added}, {"updated", change.updated}}, format);
  }
  if (!change.added.empty()) print("Added:\n");
  for (const std::string& name : change.added) print("+ " + name + "\n");
  if (!change.updated.empty()) print("Updated:\n");
  for (const std::string& name : change.updated) print("~ " + name + "\n");
  if (change.added.empty() && change.updated.empty()) print("No variables added or updated.\n");
}

Result<void> set(const EnvFlags& flags) {
  OSTLER_TRY(check_change_formats(flags));
  std::map<std::string, std::string> env;
  OSTLER_TRY(for_each_input(flags.words, [&](const std::string& word) {
    return take_assignments(word, flags.input == "json", env);
  }));
  OSTLER_TRY(const auto body, ask_job_api("env set", "PATCH", "env", wire::encode_env_update(env)));
  OSTLER_TRY(const auto change, wire::decode_env_change(body));
  print_change(change, flags.output);
  return success();
}

Result<void> take_names(const std::string& word, bool is_json, Names& names) {
  if (!is_json) {
    names.push_back(word);
    return success();
  }
  const json list = json::parse(word, nullptr, false);
  if (!list.is_array()) return Error(Errc::UserFault, "the input is not a JSON array of names");
  for (const json& name : list) {
    if (!name.is_string()) return Error(Errc::UserFault, "a name in the input is not a text");
    names.push_back(name.get<std::string>());
  }
  return success();
}

void print_removed(const Names& names, const std::string& format) {
  if (format == "quiet") return;
  if (format != "plain") return print_json(names, format);
  print(names.empty() ? "No variables unset.\n" : "Unset:\n");
  for (const std::string& name : names) print("- " + name + "\n");
}

Result<void> unset(const EnvFlags& flags) {
  OSTLER_TRY(check_change_formats(flags));
  Names names;
  OSTLER_TRY(for_each_input(flags.words, [&](const std::string& word) {
    return take_names(word, flags.input == "json", names);
  }));
  OSTLER_TRY(const auto body,
             ask_job_api("env unset", "DELETE", "env", wire::encode_env_removal(names)));
  OSTLER_TRY(const auto removed, wire::decode_env_removed(body));
  print_removed(removed, flags.output);
  return success();
}

}  // namespace

int env_get(const Arguments& arguments) {
  CLI::App app("Prints variables of the job's environment", "env get");
  EnvFlags flags;
  take_common_flags(app);
  app.add_option("names", flags.words, "Which; all when none is given");
  app.add_option("--format", flags.output, "plain, json or json-pretty")
      ->envname("BUILDKITE_AGENT_ENV_GET_FORMAT")
      ->capture_default_str();
  app.footer(
      "Examples:\n"
      "  ostler env get BUILDKITE_BRANCH\n"
      "  ostler env get --format json-pretty     all of them\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto status = get(flags);
  return status ? status.value() : fail_in_job(status.error());
}

int env_set(const Arguments& arguments) {
  CLI::App app("Sets variables for the phases of the job that follow", "env set");
  EnvFlags flags;
  take_common_flags(app);
  app.add_option("variables", flags.words, "NAME=value; \"-\": lines of standard input");
  add_change_formats(app, flags, "BUILDKITE_AGENT_ENV_SET");
  app.footer(
      "Examples:\n"
      "  ostler env set NODE_ENV=production\n"
      "  ostler env set --input-format json - < variables.json     all of an object\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return end_in_job(set(flags));
}

int env_unset(const Arguments& arguments) {
  CLI::App app("Removes variables for the phases of the job that follow", "env unset");
  EnvFlags flags;
  take_common_flags(app);
  app.add_option("names", flags.words, "Names; \"-\": lines of standard input");
  add_change_formats(app, flags, "BUILDKITE_AGENT_ENV_UNSET");
  app.footer("Example:\n  ostler env unset NODE_ENV");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return end_in_job(unset(flags));
}

int env_dump(const Arguments& arguments) {
  CLI::App app("Prints the environment of this very process as JSON", "env dump");
  EnvFlags flags;
  flags.output = "json";
  take_common_flags(app);
  app.add_option("--format", flags.output, "json or json-pretty")
      ->envname("BUILDKITE_AGENT_ENV_DUMP_FORMAT")
      ->capture_default_str();
  app.footer("Example:\n  ostler env dump --format json-pretty");
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto known = check_format(flags.output, {"json", "json-pretty"});
  if (known) print_json(environment::variables_of_process(), flags.output);
  return end_in_job(known);
}

}  // namespace ostler::cli
