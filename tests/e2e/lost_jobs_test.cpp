// SPDX-License-Identifier: Apache-2.0
// What a person reads of a job whose agent is stopped, killed, or cannot run it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "e2e/failing_house.hpp"
#include "supervise/job_lock.hpp"
#include "support/left_jobs.hpp"

namespace ostler {
namespace {

using testing::ContainsRegex;

constexpr const char* kWait = "command: \"echo up; exec sleep 300\"";

/// What the hub has of the only job of the first build.
nlohmann::json job_of(FailingHouse& house, const std::string& pipeline) {
  return house.hub().build(pipeline, 1)["jobs"][0];
}

TEST(LostJobs, NameTheAgentThatWasLost) {
  FailingHouse house({"--name", "box-7"});
  const std::string pipeline = house.begin_and_await_up(kWait);
  house.agent().kill();
  support::end_left_jobs(house.agent().state());
  house.hasten("UPDATE agents SET lease_until = 1 WHERE job_id IS NOT NULL");
  EXPECT_THAT(house.failure_in(pipeline),
              ContainsRegex("^Way failed: its agent was lost\nphase    Running commands\n"
                            "command  echo up; exec sleep 300\nagent    box-7\n(.*\n)*  up\n\n"
                            "the whole log: ostler job log .*\nto try again: ostler job retry "));
  EXPECT_EQ(job_of(house, pipeline)["end_cause"], "agent_lost");
  EXPECT_THAT(house.why(pipeline), ContainsRegex("it is over: failed, its agent was lost"));
}

TEST(LostJobs, SayThatTheKeeperDied) {
  FailingHouse house;
  const std::string pipeline = house.begin_and_await_up(kWait);
  for (const auto& job : std::filesystem::directory_iterator(house.agent().state() / "jobs")) {
    ::kill(supervise::read_job_lock(job.path()).value().keeper, SIGKILL);
  }
  EXPECT_THAT(house.failure_in(pipeline),
              ContainsRegex("^Way failed: the agent's process that guarded it died\n(.*\n)*"
                            "  up\n(.*\n)*to try again: ostler job retry "));
  EXPECT_EQ(job_of(house, pipeline)["end_cause"], "keeper_lost");
}

TEST(LostJobs, SayThatTheAgentWasStopped) {
  FailingHouse house;
  const std::string pipeline = house.begin_and_await_up(kWait);
  house.agent().program().signal(SIGTERM);
  ASSERT_TRUE(support::wait_until(std::chrono::seconds(30), [&] {
    return house.agent().program().err().find("a second signal cancels") != std::string::npos;
  }));
  house.agent().program().signal(SIGTERM);
  EXPECT_THAT(house.failure_in(pipeline),
              ContainsRegex("^Way failed: its agent was stopped.*\n(.*\n)*"
                            "to try again: ostler job retry "));
  EXPECT_EQ(job_of(house, pipeline)["signal_reason"], "agent_stop");
}

TEST(LostJobs, NameTheShellThatIsNotThere) {
  FailingHouse house({"--shell", "/bin/nosuchshell -c"});
  EXPECT_THAT(house.failure_of_step("command: make, artifact_paths: none"),
              ContainsRegex("^Way failed: .*/bin/nosuchshell.*\nphase    Running commands\n"));
}

}  // namespace
}  // namespace ostler
