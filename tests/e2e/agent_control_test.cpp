// SPDX-License-Identifier: Apache-2.0
// Agents that are steered through the real hub: by their jobs, and by the id of one job.
#include <gtest/gtest.h>

#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/tcp_proxy.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;

class AgentControl : public testing::Test {
 protected:
  /// Makes a build of one job; the id of that job.
  std::string make_job(const std::string& command, const std::string& more = "") {
    slug_ = hub_.make_pipeline(
        "p" + std::to_string(++count_),
        "env: {BUILDKITE_SKIP_CHECKOUT: 'true'}\nsteps:\n  - command: '" + command + "'\n" + more);
    number_ = hub_.make_build(slug_);
    return hub_.build(slug_, number_)["jobs"][0]["id"];
  }
  std::string state_of_job() { return hub_.build(slug_, number_)["jobs"][0]["state"]; }
  std::string log() { return support::plain_log(hub_.log(slug_, number_)); }

  support::AgentProcess& start_agent(std::vector<std::string> flags = {}) {
    flags.insert(flags.end(), {"--cancel-signal-timeout", "1s"});
    agent_.emplace(hub_, directory_.path(), std::move(flags));
    return *agent_;
  }
  std::optional<support::ExitCode> end() { return agent_->program().wait(30s); }

  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  std::optional<support::AgentProcess> agent_;
  std::string slug_;
  int number_ = 0;
  int count_ = 0;
};

TEST_F(AgentControl, AJobStopsItsAgentAndEndsWell) {
  make_job("ostler stop && echo told");
  start_agent();
  EXPECT_EQ(end(), 0) << agent_->program().err();
  EXPECT_NE(log().find("told"), std::string::npos) << log();
  EXPECT_EQ(hub_.build(slug_, number_)["state"], "passed");
}

TEST_F(AgentControl, AJobThatStopsItsAgentByForceIsCancelled) {
  make_job("ostler stop --force && sleep 100");
  start_agent();
  EXPECT_EQ(end(), 0) << agent_->program().err();
  EXPECT_EQ(state_of_job(), "canceled");
}

TEST_F(AgentControl, AJobPausesAndResumesItsAgent) {
  make_job("ostler pause --note disk && echo paused && ostler resume && echo resumed");
  start_agent();
  ASSERT_TRUE(hub_.finished_build(slug_, number_, 30s));
  EXPECT_NE(log().find("resumed"), std::string::npos) << log();
  make_job("echo next");
  EXPECT_TRUE(hub_.finished_build(slug_, number_, 30s)) << agent_->program().err();
}

TEST_F(AgentControl, AnAgentThatNeverPollsRunsJobsFromTheStream) {
  const support::TcpProxy proxy(hub_.port());
  agent_.emplace(proxy.url() + "/v3", hub_.agent_token_file(), directory_.path(),
                 std::vector<std::string>{"--ping-mode", "stream-only"});
  for (int i = 0; i < 2; ++i) {
    make_job("echo by stream");
    ASSERT_TRUE(hub_.finished_build(slug_, number_, 30s)) << agent_->program().err();
    EXPECT_EQ(hub_.build(slug_, number_)["state"], "passed");
    EXPECT_NE(log().find("by stream"), std::string::npos) << log();
  }
  EXPECT_EQ(proxy.count("GET /v3/ping"), 0);
  EXPECT_EQ(proxy.count("StreamPings HTTP/1.1"), 1) << "one stream for all";
  hub_.kill();
  hub_.start_again();
  make_job("echo after the fall");
  ASSERT_TRUE(hub_.finished_build(slug_, number_, 60s)) << agent_->program().err();
  EXPECT_EQ(hub_.build(slug_, number_)["jobs"][0]["state"], "passed");
  EXPECT_EQ(proxy.count("GET /v3/ping"), 0);
  EXPECT_EQ(agent_->stop(), 0) << agent_->program().err();
}

TEST_F(AgentControl, ASecondHolderOfASessionStopsAndTheFirstGoesOn) {
  start_agent();
  make_job("true");
  ASSERT_TRUE(hub_.finished_build(slug_, number_, 30s)) << agent_->program().err();
  const auto copy = directory_ / "copy";
  std::filesystem::create_directory(copy);
  ASSERT_EQ(
      support::run_program({"cp", "-a", agent_->state().string(), (copy / "state").string()}).code,
      0);
  const auto start_copy = [&] {
    support::AgentProcess second(hub_, copy);
    const auto code = second.program().wait(30s);
    EXPECT_EQ(code, 1);
    return second.program().err();
  };
  EXPECT_NE(start_copy().find("is a copy"), std::string::npos);
  std::filesystem::remove(copy / "state/instance");  // as if it were the original
  EXPECT_NE(start_copy().find("another agent holds the sessions"), std::string::npos);
  make_job("echo still here");
  ASSERT_TRUE(hub_.finished_build(slug_, number_, 30s)) << agent_->program().err();
  EXPECT_EQ(agent_->stop(), 0) << agent_->program().err();
}

TEST_F(AgentControl, AnAgentRunsTheJobThatItIsStartedFor) {
  const auto job = make_job("exit 4", "    agents: {os: plan9}\n");
  start_agent({"--acquire-job", job, "--reflect-exit-status"});
  EXPECT_EQ(end(), 4) << agent_->program().err();
  EXPECT_EQ(hub_.build(slug_, number_)["state"], "failed");
  start_agent({"--acquire-job", job});
  EXPECT_EQ(end(), 27) << agent_->program().err();
}

}  // namespace
}  // namespace ostler
