// SPDX-License-Identifier: Apache-2.0
// Every example of every `--help`, run as it stands there: what a page teaches must work.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "e2e/help_house.hpp"
#include "e2e/help_pages.hpp"

namespace ostler {
namespace {

using support::examples_of;
using support::HelpHouse;
using support::ListedCommand;

enum class Group { People, Jobs, Machine, Plugins, Services };

Group group_of(const ListedCommand& command) {
  const std::string& name = command.name;
  const std::set<std::string> of_jobs = {"artifact upload", "artifact search", "artifact shasum",
                                         "pipeline upload"};
  const std::set<std::string> of_machine = {"up",           "down",         "agent start",
                                            "agent pause",  "agent resume", "agent stop",
                                            "agent detach", "login"};
  if (command.is_of_jobs || of_jobs.contains(name)) return Group::Jobs;
  if (of_machine.contains(name) || name.starts_with("hub")) return Group::Machine;
  if (name.starts_with("plugin ") || name == "pipeline lint") return Group::Plugins;
  return name.starts_with("service ") ? Group::Services : Group::People;
}

/// The commands of a group, in the order of `ostler help`.
std::vector<std::string> commands_of(Group group) {
  std::vector<std::string> names;
  const auto help = support::run_program({support::ostler_program(), "help"});
  for (const ListedCommand& command : support::listed_commands(help.out)) {
    if (group_of(command) == group) names.push_back(command.name);
  }
  EXPECT_FALSE(names.empty()) << help.err;
  return names;
}

/// In which state the newest build of app is for the examples of a command; else it has passed.
std::string wanted_state(const std::string& command) {
  const std::map<std::string, std::string> wanted = {{"build cancel", "running"},
                                                     {"build retry", "failed"},
                                                     {"job cancel", "running"},
                                                     {"job retry", "failed"},
                                                     {"job unblock", "blocked"},
                                                     {"job why", "running"},
                                                     {"run", "failed"}};
  const auto found = wanted.find(command);
  return found == wanted.end() ? "passed" : found->second;
}

class HelpExamples : public testing::Test {
 protected:
  /// Runs the examples of one command's page; a page without any is a fault.
  template <class Prepare>
  void try_examples(const std::string& command, Prepare prepare) {
    try_page("ostler " + command + " --help", prepare);
  }
  template <class Prepare>
  void try_page(const std::string& asked, Prepare prepare) {
    const auto page = house_.shell(asked);
    EXPECT_EQ(page.code, 0) << asked << page.err;
    EXPECT_THAT(page.out, testing::Not(testing::HasSubstr("\n\n\n"))) << asked;
    const auto examples = examples_of(page.out);
    EXPECT_FALSE(examples.empty()) << asked << " shows no example";
    for (const std::string& example : examples) {
      prepare();
      const auto ended = house_.run_example(example);
      EXPECT_TRUE(HelpHouse::may_end_with(example, page.out, ended.code))
          << asked << ": " << example << "\nended with " << ended.code << "\n"
          << ended.out << ended.err;
    }
  }

  HelpHouse house_;
};

TEST_F(HelpExamples, OfFirstStepsWork) {
  try_page("ostler help", [] {});
}

TEST_F(HelpExamples, OfPeopleWork) {
  for (const auto& command : commands_of(Group::People)) {
    try_examples(command, [&] { house_.have_build(wanted_state(command)); });
  }
}

TEST_F(HelpExamples, OfAMachineWork) {
  for (const auto& command : commands_of(Group::Machine)) {
    try_examples(command, [&] {
      if (command == "down") {
        EXPECT_EQ(house_.run_example("ostler down; ostler up --detach").code, 0);
      }
      if (command.starts_with("agent ")) house_.renew_agent();
    });
  }
}

TEST_F(HelpExamples, OfJobsWork) {
  house_.enter_job();
  auto commands = commands_of(Group::Jobs);
  // Two mean something else in a job, and one of them ends it.
  ASSERT_EQ(std::erase(commands, "build cancel"), 1u);
  commands.insert(commands.end(), {"artifact download", "build cancel"});
  for (const auto& command : commands) try_examples(command, [] {});
}

TEST_F(HelpExamples, OfPluginsWork) {
  house_.make_plugins();
  for (const auto& command : commands_of(Group::Plugins)) {
    try_examples(command, [&] { house_.have_plugin(); });
  }
}

TEST_F(HelpExamples, OfServicesWork) {
  house_.start_service();
  for (const auto& command : commands_of(Group::Services)) try_examples(command, [] {});
}

}  // namespace
}  // namespace ostler
