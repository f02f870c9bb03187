// SPDX-License-Identifier: Apache-2.0
// Every command that prints data offers --json; each that has none says here why.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "e2e/help_pages.hpp"
#include "support/child_program.hpp"

namespace ostler {
namespace {

/// Why a command has no --json.
enum class Without {
  Nothing,  ///< it prints nothing, or only that it was done
  Runs,     ///< it shows what it runs until that ends
  Log,      ///< bytes of others, as they are
  Value,    ///< one value for a shell, as the genuine agent prints it
  Format,   ///< it has an option for the format, json among them, as the genuine agent
  Script,   ///< text for a shell or a person
  Json,     ///< it prints nothing but JSON
};

const std::map<std::string, Without>& commands_without_json() {
  static const std::map<std::string, Without> commands = {
      {"down", Without::Nothing},
      {"run", Without::Runs},
      {"agent start", Without::Runs},
      {"hub", Without::Runs},
      {"artifact upload", Without::Nothing},
      {"artifact shasum", Without::Value},
      {"build open", Without::Value},
      {"build log", Without::Log},
      {"job log", Without::Log},
      {"job shell-command", Without::Script},
      {"pipeline delete", Without::Nothing},
      {"pipeline convert-to-json", Without::Json},
      {"pipeline upload", Without::Nothing},
      {"plugin dev", Without::Runs},
      {"plugin new", Without::Nothing},
      {"plugin run", Without::Runs},
      {"plugin remove", Without::Nothing},
      {"plugin unpublish", Without::Nothing},
      {"plugin schema", Without::Json},
      {"service log", Without::Log},
      {"queue delete", Without::Nothing},
      {"token revoke", Without::Nothing},
      {"secret delete", Without::Nothing},
      {"completion", Without::Script},
      {"help", Without::Script},
      {"annotate", Without::Nothing},
      {"annotation remove", Without::Nothing},
      {"job update", Without::Nothing},
      {"job promise-failure", Without::Nothing},
      {"meta-data set", Without::Nothing},
      {"meta-data set-batch", Without::Nothing},
      {"meta-data get", Without::Value},
      {"meta-data exists", Without::Nothing},
      {"pause", Without::Nothing},
      {"resume", Without::Nothing},
      {"stop", Without::Nothing},
      {"secret get", Without::Format},
      {"git-credentials-helper", Without::Value},
      {"oidc request-token", Without::Value},
      {"redactor add", Without::Nothing},
      {"lock acquire", Without::Value},
      {"lock release", Without::Nothing},
      {"lock do", Without::Value},
      {"lock done", Without::Nothing},
      {"lock get", Without::Value},
      {"env get", Without::Format},
      {"env set", Without::Format},
      {"env unset", Without::Format},
      {"env dump", Without::Format},
      {"step get", Without::Format},
      {"step update", Without::Nothing},
      {"step cancel", Without::Nothing},
  };
  return commands;
}

/// The long names of a command's options, as it tells them for completion.
std::vector<std::string> options_of(const std::string& command) {
  std::vector<std::string> words = {support::ostler_program()};
  std::istringstream name(command);
  for (std::string word; name >> word;) words.push_back(word);
  words.emplace_back("--list-options-for-completion");
  const auto listed = support::run_program(words);
  std::vector<std::string> options;
  std::istringstream lines(listed.out);
  for (std::string line; std::getline(lines, line);) options.push_back(line);
  EXPECT_NE(std::ranges::find(options, "--help"), options.end())
      << "ostler " << command << " does not tell its options: " << listed.err;
  return options;
}

TEST(Json, IsOfferedByEveryCommandOrThereIsAReason) {
  const auto help = support::run_program({support::ostler_program(), "help"});
  std::map<std::string, Without> left = commands_without_json();
  for (const auto& command : support::listed_commands(help.out)) {
    const auto options = options_of(command.name);
    const bool has_json = std::ranges::find(options, "--json") != options.end();
    const bool has_reason = commands_without_json().contains(command.name);
    EXPECT_NE(has_json, has_reason)
        << "ostler " << command.name
        << (has_json ? " has --json: strike it off the list" : " has no --json, and no reason");
    left.erase(command.name);
  }
  for (const auto& [name, reason] : left) ADD_FAILURE() << "there is no command " << name;
}

TEST(Json, HasAnOptionOfItsOwnWhereTheReasonIsTheFormat) {
  for (const auto& [name, reason] : commands_without_json()) {
    if (reason != Without::Format) continue;
    const auto options = options_of(name);
    const bool has_format = std::ranges::any_of(options, [](const std::string& option) {
      return option == "--format" || option == "--output-format";
    });
    EXPECT_TRUE(has_format) << name;
  }
}

}  // namespace
}  // namespace ostler
