// SPDX-License-Identifier: Apache-2.0
// What a person reads of jobs that do not run: `build show` and `job why` name what is in the way,
// the nearest agent, and what to type.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>

#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using testing::ContainsRegex;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr const char* kAgents = "/organizations/ostler/agents";

class WaitingJobs : public testing::Test {
 protected:
  /// Makes a pipeline and its first build.
  void build(const std::string& pipeline, const std::string& steps) {
    hub_.make_pipeline(pipeline, "env: {BUILDKITE_SKIP_CHECKOUT: 'true'}\nsteps:\n" + steps);
    hub_.make_build(pipeline);
  }
  support::AgentProcess& agent(std::vector<std::string> flags = {}) {
    flags.insert(flags.end(), {"--name", "box-7", "--cancel-signal-timeout", "1s"});
    return agent_.emplace(hub_, directory_.path(), std::move(flags));
  }
  /// An agent whose only slot runs step "long" of build long/1.
  support::AgentProcess& busy_agent() {
    build("long", "  - {key: long, command: \"echo up; exec sleep 300\"}\n");
    support::AgentProcess& busy = agent();
    EXPECT_TRUE(support::wait_until(60s, [&] {
      return hub_.log("long", 1).find("up") != std::string::npos;
    })) << busy.program().err();
    return busy;
  }
  /// Empty: it has not connected.
  std::string id_of_agent() {
    nlohmann::json agents;
    support::wait_until(30s, [&] {
      agents = nlohmann::json::parse(hub_.rest("GET", kAgents).body);
      return !agents.empty();
    });
    return agents.empty() ? "" : agents[0]["id"].get<std::string>();
  }
  void tell_agent(const std::string& order, const nlohmann::json& body) {
    const auto answer = hub_.rest("PUT", kAgents + ("/" + id_of_agent() + "/" + order), body);
    EXPECT_LT(answer.status, 300) << answer.body;
  }
  std::string shown() { return person_.said({"build", "show", "app/1"}); }
  std::string why(const std::string& step) {
    return person_.said({"job", "why", "app/1", "--step", step});
  }
  /// Both pages say of step "late" what is in its way; `message` is a regular expression.
  void expect_told(const std::string& message) {
    const auto told = ContainsRegex("\n  " + message + "\n");
    support::wait_until(30s, [&] { return testing::Value(why("late"), told); });
    EXPECT_THAT(why("late"), told);
    EXPECT_THAT(shown(), ContainsRegex("\nlate does not run: " + message + "\n"));
  }

  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  const support::Person person_{hub_, directory_.path()};
  std::optional<support::AgentProcess> agent_;
};

constexpr const char* kLate = "  - {label: late, command: make}\n";

TEST_F(WaitingJobs, NameTheStepThatTheyWaitFor) {
  build("app",
        "  - {key: long, command: \"echo up; exec sleep 300\"}\n"
        "  - {label: late, command: make, depends_on: long}\n");
  expect_told("it waits for step \"long\", which waits for an agent");
  agent();
  expect_told("it waits for step \"long\", which runs");
}

TEST_F(WaitingJobs, AreToldApartWhenTheyAreCalledAlike) {
  build("app",
        "  - {label: par, command: make, parallelism: 2}\n"
        "  - {label: lint, command: make, matrix: [linux, mac]}\n");
  const std::string why = person_.said({"job", "why", "app/1"});
  for (const char* title : {"par 1/2", "par 2/2", "lint (linux)", "lint (mac)"}) {
    EXPECT_THAT(shown(), HasSubstr("\n" + std::string(title) + "  "));
    EXPECT_THAT("\n" + why, HasSubstr("\n" + std::string(title) + "  scheduled"));
  }
}

TEST_F(WaitingJobs, AreExplainedOnceWhenTheyWaitForTheSameAgents) {
  build("app",
        "  - {label: par, command: make, parallelism: 300}\n"
        "  - {label: arm, command: make, agents: {arch: arm}}\n");
  std::istringstream why(person_.said({"job", "why", "app/1"}));
  std::vector<std::string> reasons;
  int titles = 0;
  for (std::string line; std::getline(why, line);) {
    if (line.starts_with("  ")) reasons.push_back(line);
    if (line.ends_with("  scheduled")) ++titles;
  }
  EXPECT_EQ(titles, 301);
  EXPECT_THAT(reasons, SizeIs(2));
  EXPECT_THAT(reasons, Each(HasSubstr("no agent of queue default is connected")));
  std::istringstream answers(person_.said({"job", "why", "app/1", "--json"}));
  std::set<std::string> jobs;
  for (std::string line; std::getline(answers, line);) {
    const auto answer = nlohmann::json::parse(line);
    EXPECT_EQ(answer, nlohmann::json::parse(
                          hub_.rest("GET", "/organizations/ostler/jobs/" +
                                               answer["job_id"].get<std::string>() + "/why")
                              .body));
    jobs.insert(answer["job_id"]);
  }
  EXPECT_EQ(jobs.size(), 301u);
}

TEST_F(WaitingJobs, AreExplainedOnceWhenTheyAreOfOneStep) {
  build("app",
        "  - {label: held, command: make, parallelism: 300, concurrency: 1, concurrency_group: g}\n"
        "  - wait\n"
        "  - {label: behind, command: make, parallelism: 300}\n");
  const std::string why = person_.said({"job", "why", "app/1"});
  EXPECT_THAT(why,
              ContainsRegex("\nheld 300/300  scheduled\n  concurrency group \"g\" has room for "
                            "one job like it, which step \"held\" of app #1 takes\n"));
  EXPECT_THAT(why, ContainsRegex("\nbehind 300/300  waiting\n  it waits for step \"held\""));
  EXPECT_THAT(why, Not(ContainsRegex("behind 1/300  waiting\n ")));
  std::istringstream answers(person_.said({"job", "why", "app/1", "--json"}));
  int count = 0;
  for (std::string line; std::getline(answers, line); ++count) {
    if (count % 50 != 0) continue;
    const auto answer = nlohmann::json::parse(line);
    EXPECT_EQ(answer, nlohmann::json::parse(
                          hub_.rest("GET", "/organizations/ostler/jobs/" +
                                               answer["job_id"].get<std::string>() + "/why")
                              .body));
  }
  EXPECT_EQ(count, 600);
}

TEST_F(WaitingJobs, NameTheFailureThatIsInTheirWayAndHowTheyRunAfterAll) {
  build("app",
        "  - {key: test, command: \"exit 3\"}\n"
        "  - {label: late, command: make, depends_on: test}\n"
        "  - {key: other, command: make, agents: {gpu: 'true'}}\n");
  agent();
  ASSERT_TRUE(support::wait_until(
      60s, [&] { return hub_.build("app", 1)["jobs"][0]["state"] == "failed"; }));
  const std::string failed = hub_.build("app", 1)["jobs"][0]["id"];
  EXPECT_THAT(why("late"),
              HasSubstr("\n  it never runs, for step \"test\", which it depends on, failed (exit "
                        "status 3); \"ostler job retry " +
                        failed + "\" tries that again\n"));
  EXPECT_THAT(shown(), ContainsRegex("late +did not run"));
}

TEST_F(WaitingJobs, ShowAllThatIsWrongWithAPipelineThatTheyWouldTrigger) {
  hub_.make_pipeline("wrong",
                     "steps:\n  - {command: a, agents: {queue: no}}\n"
                     "  - {command: b, agents: {queue: none}}\n");
  build("app", "  - {label: late, trigger: wrong}\n");
  ASSERT_TRUE(hub_.finished_build("app", 1, 60s));
  EXPECT_THAT(why("late"),
              ContainsRegex("\n  its build could not be made: pipeline.yml:2:26: queue "
                            "\"no\" does not exist.*\n"
                            "        - \\{command: a, agents: \\{queue: no\\}\\}\n"
                            "                               \\^\n"
                            "  pipeline.yml:3:26: queue \"none\" does not exist"));
}

TEST_F(WaitingJobs, NameTheJobThatHoldsTheirConcurrencyGroup) {
  const std::string limited =
      "concurrency: 1, concurrency_group: shop, command: \"echo up; exec sleep 300\"}\n";
  build("first", "  - {key: deploy, " + limited);
  agent({"--spawn", "2"});
  ASSERT_TRUE(support::wait_until(
      60s, [&] { return hub_.log("first", 1).find("up") != std::string::npos; }));
  build("app", "  - {label: late, " + limited);
  expect_told(
      "concurrency group \"shop\" has room for one job like it, which step \"deploy\" of first #1 "
      "takes");
}

TEST_F(WaitingJobs, NameThePausedQueueAndItsNote) {
  agent();
  person_.said({"queue", "pause", "default", "--note", "new disks"});
  build("app", kLate);
  expect_told("queue default is paused \\(new disks\\); \"ostler queue resume default\" ends it");
}

TEST_F(WaitingJobs, NameTheQueueWithoutAgents) {
  build("app", kLate);
  expect_told("no agent of queue default is connected; \"ostler agent start --endpoint " +
              hub_.url() +
              "/v3 --build-path ~/builds --token TOKEN --queue default\" starts one, \"ostler "
              "token create NAME\" makes a TOKEN");
}

TEST_F(WaitingJobs, NameTheMissingTagAndTheNearestAgent) {
  agent({"--tags", "os=linux"});
  build("app", "  - {label: late, command: make, agents: {os: linux, gpu: 'true'}}\n");
  expect_told(
      "no agent of queue default has gpu=true, os=linux; the nearest is box-7, which lacks "
      "gpu=true; \"ostler agent start --endpoint " +
      hub_.url() +
      "/v3 --build-path ~/builds --token TOKEN --queue default --tags gpu=true,os=linux\" starts "
      "one, .*");
}

TEST_F(WaitingJobs, NameTheAgentThatIsPausedAtTheHub) {
  agent();
  tell_agent("pause", {{"note", "cleaning"}});
  build("app", kLate);
  expect_told("no agent that has its tags is free: box-7 is paused \\(cleaning\\)");
}

TEST_F(WaitingJobs, SayWhereToLookForAnAgentThatIsPausedOnItsMachine) {
  const auto& paused = agent();
  EXPECT_FALSE(id_of_agent().empty());
  person_.said({"agent", "pause", "--state-path", paused.state()});
  build("app", kLate);
  expect_told(
      "box-7 is free and has its tags: .*, unless it is paused on its machine, which "
      "\"ostler agent list\" says there");
  EXPECT_THAT(person_.said({"agent", "list", "--state-path", paused.state()}), HasSubstr("paused"));
}

TEST_F(WaitingJobs, NameTheAgentsThatAreBusyAndTheirJobs) {
  busy_agent();
  build("app", kLate);
  expect_told("no agent that has its tags is free: box-7 runs step \"long\" of long #1");
}

TEST_F(WaitingJobs, NameTheAgentThatIsStopping) {
  busy_agent();
  tell_agent("stop", {{"force", false}});
  build("app", kLate);
  expect_told(
      "no agent that has its tags is free: box-7 runs step \"long\" of long #1 and is stopping");
}

TEST_F(WaitingJobs, NameTheJobOfAnAgentThatDrains) {
  const support::ChildProgram& draining = busy_agent().program();
  draining.signal(SIGTERM);
  ASSERT_TRUE(support::wait_until(30s, [&] {
    return draining.err().find("a second signal cancels") != std::string::npos;
  })) << draining.err();
  build("app", kLate);
  expect_told("no agent that has its tags is free: box-7 runs step \"long\" of long #1");
}

TEST_F(WaitingJobs, NameTheBlockThatIsToBeOpened) {
  build("app", "  - {block: Release, key: gate}\n  - {label: late, command: make}\n");
  EXPECT_THAT(why("late"), HasSubstr("\n  it waits until somebody opens \"Release\": \"ostler job "
                                     "unblock app/1 --step gate\"\n"));
  EXPECT_THAT(shown(),
              HasSubstr("\nRelease waits for a person: ostler job unblock app/1 --step gate\n"));
}

}  // namespace
}  // namespace ostler
