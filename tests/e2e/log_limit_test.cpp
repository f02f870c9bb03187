// SPDX-License-Identifier: Apache-2.0
// A hub that keeps a little of each job's log, and a job that says more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using testing::ContainsRegex;
using testing::HasSubstr;

TEST(LogLimit, CutsALogAndNotItsJob) {
  const support::TempDirectory directory;
  support::HubProcess hub(directory.path(), {"--max-log-size", "4KB"});
  support::AgentProcess agent(hub, directory.path());
  hub.make_pipeline("app",
                    "env: {BUILDKITE_SKIP_CHECKOUT: \"true\"}\n"
                    "steps: [{command: \"seq 1 5000; echo the end\"}]\n");
  hub.make_build("app");
  const auto build = hub.finished_build("app", 1, 120s);
  ASSERT_TRUE(build) << agent.program().err();
  EXPECT_EQ(build->at("state"), "passed");
  const std::string log = hub.log("app", 1);
  EXPECT_EQ(log.find("\n[ostler: log cut at 4 KiB; what the job says"), 4096u) << log;
  EXPECT_THAT(log, ContainsRegex("\n\\[ostler: log cut at 4 KiB; [1-9][0-9]* more bytes were "
                                 "dropped\\]\n$"));
  EXPECT_EQ(log.find("\athe end"), log.npos);
}

TEST(LogLimit, SaysThatTheLogOfAFailedJobIsCut) {
  const support::TempDirectory directory;
  support::HubProcess hub(directory.path(), {"--max-log-size", "4KB"});
  support::AgentProcess agent(hub, directory.path());
  const support::Person person(hub, directory.path());
  hub.make_pipeline("app",
                    "env: {BUILDKITE_SKIP_CHECKOUT: \"true\"}\n"
                    "steps: [{label: Way, command: \"seq 1 5000; exit 3\"}]\n");
  hub.make_build("app");
  ASSERT_TRUE(hub.finished_build("app", 1, 120s)) << agent.program().err();
  const std::string shown = person.said({"build", "show", "app/1"});
  EXPECT_THAT(shown, ContainsRegex("\nWay failed: exit status 3\nphase    Running commands\n"));
  EXPECT_THAT(shown, ContainsRegex("\n  \\[ostler: log cut at 4 KiB; [1-9][0-9]* more bytes were "
                                   "dropped\\]\n\nthe whole log: "));
}

TEST(LogLimit, IsASizeThatMakesSense) {
  const support::TempDirectory directory;
  for (const char* command : {"hub", "up"}) {
    for (const char* size : {"10", "2000TB", "much", "-1"}) {
      const auto refused = support::run_program(
          {support::ostler_program(), command, "--max-log-size", size},
          {.environment = {{"HOME", directory.path().string()}}, .directory = directory.path()});
      EXPECT_EQ(refused.code, 2) << command << " " << size;
      EXPECT_THAT(refused.err, HasSubstr("--max-log-size"));
    }
  }
}

}  // namespace
}  // namespace ostler
