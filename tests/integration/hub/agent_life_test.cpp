// SPDX-License-Identifier: Apache-2.0
// The life of a job as HTTP calls, against the real hub. Source: reference/agent-api.md 8.
#include <chrono>
#include <future>

#include "crypto/digest.hpp"
#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::http_call;

constexpr int kLongPing = 20;

class AgentLife : public HubTest {};

TEST_F(AgentLife, RunsAJobFromRegisterToDisconnect) {
  ScriptedAgent agent(hub_, json::array({"queue=default", "os=linux"}));
  EXPECT_EQ(agent.registration()["name"], "ci-7-1");
  for (const char* interval : {"ping_interval", "job_status_interval", "heartbeat_interval"}) {
    EXPECT_GE(agent.registration()[interval], 1) << interval;
  }
  EXPECT_EQ(agent.ping(), "");
  const auto beat = agent.call("POST", "heartbeat", {{"sent_at", "2026-01-02T03:04:00.1+01:00"}});
  EXPECT_EQ(beat.json()["sent_at"], "2026-01-02T03:04:00.1+01:00");
  EXPECT_TRUE(beat.json()["received_at"].is_string());

  const std::string job = make_job();
  EXPECT_EQ(agent.ping(10), job);
  const json accepted = agent.accept(job);
  EXPECT_EQ(accepted["id"], job);
  EXPECT_GT(accepted["chunks_max_size_bytes"], 0);
  for (const char* name :
       {"BUILDKITE_JOB_ID", "BUILDKITE_REPO", "BUILDKITE_COMMIT", "BUILDKITE_BRANCH",
        "BUILDKITE_AGENT_NAME", "BUILDKITE_ORGANIZATION_SLUG", "BUILDKITE_PIPELINE_SLUG",
        "BUILDKITE_PIPELINE_PROVIDER"}) {
    EXPECT_NE(accepted["env"].value(name, ""), "") << name;
  }
  EXPECT_EQ(accepted["env"]["BUILDKITE_COMMAND"], "make test");
  EXPECT_EQ(accepted["env"]["BUILDKITE_PULL_REQUEST"], "false");
  EXPECT_EQ(agent.start(job).status, 200);
  EXPECT_EQ(agent.state(job), "running");
  EXPECT_EQ(agent.chunk(job, 2, 6, "world\n").status, 200) << "chunks come in any order";
  EXPECT_EQ(agent.chunk(job, 1, 0, "hello\n").status, 200);
  EXPECT_EQ(agent.job_call("POST", "jobs/" + job + "/header_times", {{"header_times", {}}}).status,
            200);
  EXPECT_EQ(agent.ping(), "") << "a session with a job gets no second one";
  EXPECT_EQ(agent.finish(job).status, 200);
  EXPECT_EQ(hub_.log(pipeline_, 1), "hello\nworld\n");
  EXPECT_EQ(build_state(), "passed");
  EXPECT_EQ(agent.call("POST", "disconnect").status, 200);
}

TEST_F(AgentLife, RepeatsAreAnsweredAsTheFirstTime) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  ASSERT_EQ(agent.ping(10), job);
  const json first = agent.accept(job);
  EXPECT_EQ(agent.accept(job), first);
  EXPECT_EQ(agent.start(job).status, 200);
  EXPECT_EQ(agent.start(job).status, 200);
  EXPECT_EQ(agent.chunk(job, 1, 0, "once\n").status, 200);
  EXPECT_EQ(agent.chunk(job, 1, 0, "once\n").status, 200);
  EXPECT_EQ(agent.finish(job, "3").status, 200);
  EXPECT_EQ(agent.finish(job, "3").status, 200);
  EXPECT_EQ(agent.finish(job, "0").status, 422) << "another end than the one reported";
  EXPECT_EQ(hub_.log(pipeline_, 1), "once\n");
  EXPECT_EQ(build_state(), "failed");
}

TEST_F(AgentLife, AChunkIsAsLongAsAgentsAreTold) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  ASSERT_EQ(agent.ping(10), job);
  const auto most = agent.accept(job)["chunks_max_size_bytes"].get<std::size_t>();
  EXPECT_EQ(agent.start(job).status, 200);
  EXPECT_EQ(agent.chunk(job, 1, 0, std::string(most, 'x')).status, 200);
  EXPECT_EQ(agent.chunk(job, 2, most, std::string(most + 1, 'x')).status, 422);
  EXPECT_EQ(agent.finish(job).status, 200);
  EXPECT_EQ(hub_.log(pipeline_, 1), std::string(most, 'x'));
}

TEST_F(AgentLife, AWaitingPingIsAnsweredWhenAJobComes) {
  const ScriptedAgent agent(hub_);
  auto waiting = std::async(std::launch::async, [&] { return agent.ping(kLongPing); });
  const std::string job = make_job();
  ASSERT_EQ(waiting.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(waiting.get(), job);
}

TEST_F(AgentLife, APingThatWaitsDuringAJobGetsTheNextOne) {
  ScriptedAgent agent(hub_);
  const std::string first = make_job();
  ASSERT_EQ(agent.ping(10), first);
  agent.accept(first);
  agent.start(first);
  auto waiting = std::async(std::launch::async, [&] { return agent.ping(kLongPing); });
  EXPECT_EQ(waiting.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
  agent.finish(first);
  const std::string second = make_job();
  ASSERT_EQ(waiting.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(waiting.get(), second);
}

TEST_F(AgentLife, AWaitingPingIsIdleWhenItsTimeIsOver) {
  const ScriptedAgent agent(hub_);
  EXPECT_EQ(agent.ping(1), "");
}

TEST_F(AgentLife, OfTwoPingsThatWaitTheNewerHasTheWait) {
  const ScriptedAgent agent(hub_);
  WaitingPings pings(agent);
  const auto superseded = pings.superseded();
  ASSERT_EQ(superseded.status, 200) << "it waits on";
  EXPECT_FALSE(superseded.json().contains("job"));
  const std::string job = make_job();
  EXPECT_EQ(pings.standing().json()["job"]["id"], job);
}

TEST_F(AgentLife, AnOfferIsGivenToOneAgentOnly) {
  const std::string job = make_job();
  const ScriptedAgent one(hub_);
  const ScriptedAgent other(hub_);
  EXPECT_EQ(one.ping(10), job);
  EXPECT_EQ(other.ping(), "");
  EXPECT_EQ(one.ping(), job) << "the first answer may have been lost";
}

TEST_F(AgentLife, AgentsGetOnlyWhatTheirTagsFit) {
  const ScriptedAgent windows(hub_, json::array({"os=windows"}));
  const ScriptedAgent linux_agent(hub_, json::array({"os=linux"}));
  const std::string job = make_job("    agents: {os: linux}\n");
  EXPECT_EQ(windows.ping(), "");
  EXPECT_EQ(linux_agent.ping(10), job);
}

TEST_F(AgentLife, ACancelIsSeenByAWaitingAgent) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  ASSERT_EQ(agent.ping(10), job);
  agent.accept(job);
  EXPECT_EQ(agent.start(job).status, 200);
  auto waiting = std::async(std::launch::async, [&] { return agent.state(job, kLongPing); });
  const auto cancel =
      hub_.rest("PUT", "/organizations/ostler/pipelines/" + pipeline_ + "/builds/1/cancel");
  EXPECT_EQ(cancel.status, 200) << cancel.body;
  ASSERT_EQ(waiting.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(waiting.get(), "canceling");
  EXPECT_EQ(agent.state(job), "canceling") << "and by one that polls";
  EXPECT_EQ(agent.finish(job, "-1").status, 200);
  EXPECT_EQ(build_state(), "canceled");
}

TEST_F(AgentLife, AJobThatBecomesRunnableIsOfferedAtOnce) {
  ScriptedAgent agent(hub_);
  const std::string first = make_job("  - wait\n  - command: make install\n");
  ASSERT_EQ(agent.ping(10), first);
  agent.accept(first);
  agent.start(first);
  agent.finish(first);
  const std::string second = agent.ping(kLongPing);
  EXPECT_NE(second, "");
  EXPECT_EQ(agent.accept(second)["env"]["BUILDKITE_COMMAND"], "make install");
}

TEST_F(AgentLife, AnAgentThatLeavesAfterItsJobGetsNoOther) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  ASSERT_EQ(agent.ping(10), job);
  agent.accept(job);
  agent.start(job);
  agent.job_call("PUT", "jobs/" + job + "/finish",
                 {{"exit_status", "0"},
                  {"finished_at", "2026-01-02T02:04:31.5Z"},
                  {"chunks_failed_count", 0},
                  {"ignore_agent_in_dispatches", true}});
  make_job();
  EXPECT_EQ(agent.ping(), "");
}

TEST_F(AgentLife, MetaDataIsSharedByABuild) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  ASSERT_EQ(agent.ping(10), job);
  const std::string build = agent.accept(job)["env"]["BUILDKITE_BUILD_ID"];
  const auto data = [&](const std::string& room, const std::string& verb, const json& body) {
    return agent.job_call("POST", room + "/data/" + verb, body);
  };
  const std::string jobs = "jobs/" + job;
  const std::string builds = "builds/" + build;
  EXPECT_EQ(data(jobs, "exists", {{"key", "buildkite:git:commit"}}).json()["exists"], false);
  EXPECT_EQ(data(jobs, "set", {{"key", "a/b"}, {"value", "1\n2"}}).status, 200);
  EXPECT_EQ(data(jobs, "set-batch", {{"items", {{{"key", "c"}, {"value", "3"}}}}}).status, 200);
  for (const std::string& room : {jobs, builds}) {
    EXPECT_EQ(data(room, "exists", {{"key", "a/b"}}).json()["exists"], true);
    EXPECT_EQ(data(room, "get", {{"key", "a/b"}}).json()["value"], "1\n2");
    EXPECT_EQ(data(room, "get", {{"key", "x"}}).status, 404);
    EXPECT_EQ(data(room, "keys", nullptr).json(), json::array({"a/b", "c"}));
  }
}

}  // namespace
}  // namespace ostler
