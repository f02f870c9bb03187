// SPDX-License-Identifier: Apache-2.0
// Pause, resume, stop and acquire as HTTP calls, against the real hub.
// Source: reference/agent-api.md 2.3, 2.5 and 2.17.
#include <chrono>
#include <future>

#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::HttpAnswer;

constexpr int kLongWait = 20;
constexpr std::chrono::seconds kSoon{10};

class AgentControl : public HubTest {
 protected:
  /// A ping whose whole answer matters.
  static json pong(const ScriptedAgent& agent, const std::string& query = "") {
    const HttpAnswer answer = agent.call("GET", "ping" + query);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json();
  }
  static std::future<json> waiting_pong(const ScriptedAgent& agent, const std::string& more = "") {
    return std::async(std::launch::async, [&agent, more] {
      return pong(agent, "?wait=" + std::to_string(kLongWait) + more);
    });
  }
  static json soon(std::future<json>& pong) {
    if (pong.wait_for(kSoon) != std::future_status::ready) {
      ADD_FAILURE() << "the ping was not answered";
    }
    return pong.get();
  }
};

TEST_F(AgentControl, APausedAgentIsToldSoAndGetsNoJob) {
  const ScriptedAgent agent(hub_);
  EXPECT_EQ(agent.call("POST", "pause", {{"note", "new disk"}}).status, 200);
  const std::string job = make_job();
  EXPECT_EQ(pong(agent), json({{"action", "pause"}, {"message", "new disk"}}));
  EXPECT_EQ(agent.call("POST", "resume").status, 200);
  EXPECT_EQ(agent.ping(10), job);
}

TEST_F(AgentControl, AWaitingPingIsAnsweredWhenItsAgentIsPausedResumedOrStopped) {
  const ScriptedAgent agent(hub_);
  auto waiting = waiting_pong(agent);
  agent.call("POST", "pause");
  EXPECT_EQ(soon(waiting)["action"], "pause");
  auto paused = waiting_pong(agent, "&paused=1");
  EXPECT_EQ(paused.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout)
      << "it knows that it is paused";
  agent.call("POST", "resume");
  EXPECT_EQ(soon(paused), json::object());
  auto last = waiting_pong(agent);
  agent.call("POST", "stop");
  EXPECT_EQ(soon(last)["action"], "disconnect");
}

TEST_F(AgentControl, AStoppedAgentGetsNoJob) {
  const ScriptedAgent agent(hub_);
  EXPECT_EQ(agent.call("POST", "stop", json::object()).status, 200);
  make_job();
  EXPECT_EQ(pong(agent), json({{"action", "disconnect"}}));
}

TEST_F(AgentControl, AJobsTokenSteersItsAgent) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  ASSERT_EQ(agent.ping(10), job);
  agent.accept(job);
  agent.start(job);
  EXPECT_EQ(agent.job_call("POST", "pause", {{"timeout_in_minutes", 5}}).status, 200);
  EXPECT_EQ(pong(agent)["action"], "pause");
  EXPECT_EQ(agent.job_call("POST", "resume").status, 200);
  EXPECT_EQ(agent.state(job), "running");
  auto state = std::async(std::launch::async, [&] { return agent.state(job, kLongWait); });
  EXPECT_EQ(agent.job_call("POST", "stop", {{"force", true}}).status, 200);
  ASSERT_EQ(state.wait_for(kSoon), std::future_status::ready);
  EXPECT_EQ(state.get(), "canceling");
  EXPECT_EQ(agent.finish(job, "-1").status, 200);
  EXPECT_EQ(build_state(), "failed") << "a job was cancelled, not the build";
  EXPECT_EQ(pong(agent)["action"], "disconnect");
}

TEST_F(AgentControl, BadRequestsAndStrangersAreRefused) {
  const ScriptedAgent agent(hub_);
  EXPECT_EQ(agent.call("POST", "pause", {{"note", 7}}).status, 400);
  EXPECT_EQ(agent.call("POST", "pause", {{"timeout_in_minutes", -1}}).status, 400);
  EXPECT_EQ(agent.call("POST", "pause", {{"timeout_in_minutes", "5"}}).status, 400);
  EXPECT_EQ(agent.call("POST", "stop", {{"force", "yes"}}).status, 400);
  EXPECT_EQ(agent.call("POST", "stop", nullptr, hub_.agent_token()).status, 401);
  EXPECT_EQ(agent.call("POST", "stop", nullptr, "nonsense").status, 401);
  EXPECT_EQ(agent.call("POST", "disconnect").status, 200);
  EXPECT_EQ(agent.call("POST", "pause").status, 422);
  EXPECT_EQ(pong(agent), json::object());
}

class Acquire : public HubTest {
 protected:
  HttpAnswer acquire(const ScriptedAgent& agent, const std::string& job,
                     const std::string& header = "X-Buildkite-Lock-Acquire-Job: 1") {
    return support::http_call({"PUT",
                               hub_.endpoint() + "/jobs/" + job + "/acquire",
                               {"Authorization: Token " + agent.session_token(), header},
                               ""});
  }
};

TEST_F(Acquire, GivesAJobToAnAgentWhoseTagsDoNotFit) {
  const ScriptedAgent agent(hub_, json::array({"os=windows"}));
  const std::string job = make_job("    agents: {os: linux}\n");
  const auto first = acquire(agent, job);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.json()["id"], job);
  EXPECT_EQ(first.json()["env"]["BUILDKITE_COMMAND"], "make test");
  EXPECT_EQ(acquire(agent, job).json(), first.json()) << "the first answer may have been lost";
}

TEST_F(Acquire, TakesAJobThatIsOfferedToAnotherAgent) {
  ScriptedAgent other(hub_);
  const std::string job = make_job();
  ASSERT_EQ(other.ping(10), job);
  const ScriptedAgent agent(hub_);
  EXPECT_EQ(acquire(agent, job).status, 200);
  EXPECT_EQ(other.call("PUT", "jobs/" + job + "/accept").status, 422);
  EXPECT_EQ(other.ping(), "");
}

TEST_F(Acquire, RefusesWhatCannotBeHad) {
  ScriptedAgent agent(hub_);
  const ScriptedAgent other(hub_);
  const std::string job = make_job();
  EXPECT_EQ(acquire(agent, job, "X-Other: 1").status, 422);
  EXPECT_EQ(acquire(agent, "0198b000-0000-4000-8000-00000000000a").status, 404);
  EXPECT_EQ(acquire(agent, "nonsense").status, 404);
  ASSERT_EQ(acquire(agent, job).status, 200);
  EXPECT_EQ(acquire(other, job).status, 422) << "taken";
  agent.accept(job);
  agent.start(job);
  agent.finish(job);
  EXPECT_EQ(acquire(other, job).status, 422) << "over";
}

TEST_F(Acquire, SaysWhenToAskAgainForAJobThatWaitsForOthers) {
  ScriptedAgent agent(hub_);
  const std::string first = make_job("  - wait\n  - command: make install\n");
  const json jobs = hub_.build(pipeline_, 1)["jobs"];
  const std::string second = jobs.back()["id"];
  const auto locked = acquire(agent, second);
  EXPECT_EQ(locked.status, 423) << locked.body;
  EXPECT_GT(std::stoi(locked.headers.at("retry-after")), 0);
  ASSERT_EQ(acquire(agent, first).status, 200);
  agent.accept(first);
  agent.start(first);
  agent.finish(first);
  EXPECT_EQ(acquire(agent, second).status, 200);
}

}  // namespace
}  // namespace ostler
