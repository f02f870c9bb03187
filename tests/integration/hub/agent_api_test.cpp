// SPDX-License-Identifier: Apache-2.0
// Who may call what, and how wrong calls are answered. Source: reference/agent-api.md 10, 11.
#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::http_call;

class AgentApi : public HubTest {};

TEST_F(AgentApi, AnUnknownTokenIs401Everywhere) {
  const std::string job = make_job();
  const ScriptedAgent agent(hub_);
  const std::pair<const char*, std::string> calls[] = {
      {"POST", "register"},
      {"POST", "connect"},
      {"GET", "ping"},
      {"POST", "heartbeat"},
      {"PUT", "jobs/" + job + "/accept"},
      {"PUT", "jobs/" + job + "/start"},
      {"POST", "jobs/" + job + "/chunks?sequence=1&offset=0&size=0"},
      {"GET", "jobs/" + job},
      {"PUT", "jobs/" + job + "/finish"},
      {"POST", "jobs/" + job + "/artifacts"},
      {"POST", "jobs/" + job + "/data/get"}};
  for (const auto& [method, path] : calls) {
    const auto wrong = agent.call(method, path, json::object(), "osts_nobody");
    EXPECT_EQ(wrong.status, 401) << path;
    EXPECT_TRUE(wrong.json()["message"].is_string()) << wrong.body;
    EXPECT_EQ(http_call({method, hub_.endpoint() + "/" + path, {}, "{}"}).status, 401) << path;
  }
}

TEST_F(AgentApi, ATokenServesOnlyItsKindOfCall) {
  const std::string job = make_job();
  ScriptedAgent agent(hub_);
  EXPECT_EQ(agent.call("GET", "ping", nullptr, hub_.agent_token()).status, 401);
  EXPECT_EQ(agent.call("POST", "register", json::object()).status, 401) << "a session's token";
  ASSERT_EQ(agent.ping(10), job);
  agent.accept(job);
  EXPECT_EQ(agent.job_call("GET", "ping").status, 401) << "a job's token";
  EXPECT_EQ(agent.call("GET", "jobs/" + job).status, 200) << "the session may ask about its job";
}

TEST_F(AgentApi, AnotherAgentsJobIsOutOfReach) {
  const std::string first = make_job();
  ScriptedAgent one(hub_);
  ASSERT_EQ(one.ping(10), first);
  one.accept(first);
  const std::string second = make_job();
  ScriptedAgent other(hub_);
  ASSERT_EQ(other.ping(10), second);
  other.accept(second);
  EXPECT_EQ(one.call("PUT", "jobs/" + second + "/accept").status, 422) << "taken";
  EXPECT_EQ(one.call("GET", "jobs/" + second).status, 404) << "by the session's token";
  EXPECT_EQ(one.job_call("GET", "jobs/" + second).status, 404) << "by another job's token";
  EXPECT_EQ(one.job_call("PUT", "jobs/" + second + "/finish", json::object()).status, 404);
  EXPECT_EQ(other.state(second), "accepted");
}

TEST_F(AgentApi, WhatItDoesNotHaveIs404AsJson) {
  const std::string job = make_job();
  ScriptedAgent agent(hub_);
  ASSERT_EQ(agent.ping(10), job);
  agent.accept(job);
  for (const std::string path : {"secrets", "promises"}) {
    const auto answer = agent.job_call("POST", "jobs/" + job + "/" + path, json::object());
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_TRUE(answer.json()["message"].is_string()) << answer.body;
  }
  EXPECT_EQ(agent.call("GET", "jobs/no-such-job").status, 404);
  EXPECT_EQ(agent.call("PUT", "jobs/" + std::string(36, '0') + "/accept").status, 404);
  EXPECT_EQ(http_call({"GET", hub_.url() + "/nothing", {}, ""}).status, 404);
  EXPECT_TRUE(http_call({"GET", hub_.url() + "/", {}, ""}).json()["message"].is_string());
}

TEST_F(AgentApi, DotsInIdsMayBeEscaped) {
  const std::string job = make_job();
  ScriptedAgent agent(hub_);
  ASSERT_EQ(agent.ping(10), job);
  agent.accept(job);
  std::string escaped = job;
  escaped.replace(escaped.find('-'), 1, "%2D");
  EXPECT_EQ(agent.job_call("GET", "jobs/" + escaped).status, 200);
  EXPECT_EQ(agent.job_call("GET", "jobs%2F" + job).status, 404)
      << "an escaped slash splits nothing";
}

TEST_F(AgentApi, MalformedBodiesAre400) {
  const std::string job = make_job();
  ScriptedAgent agent(hub_);
  ASSERT_EQ(agent.ping(10), job);
  agent.accept(job);
  EXPECT_EQ(agent.job_call("PUT", "jobs/" + job + "/start", json::array()).status, 400);
  EXPECT_EQ(agent.job_call("PUT", "jobs/" + job + "/finish", {{"exit_status", 0}}).status, 400);
  EXPECT_EQ(agent.job_call("POST", "jobs/" + job + "/data/get", json::object()).status, 400);
  EXPECT_EQ(agent.job_call("POST", "jobs/" + job + "/chunks?sequence=1").status, 400);
  const json huge = {{"key", "k"}, {"value", std::string(300'000, 'x')}};
  EXPECT_EQ(agent.job_call("POST", "jobs/" + job + "/data/set", huge).status, 413);
  EXPECT_EQ(agent.start(job).status, 200) << "the job is none the worse for it";
}

TEST_F(AgentApi, AChunkThatLiesIsRefusedAndALateJobIs422) {
  const std::string job = make_job();
  ScriptedAgent agent(hub_);
  ASSERT_EQ(agent.ping(10), job);
  agent.accept(job);
  agent.start(job);
  const std::string lying = "jobs/" + job + "/chunks?sequence=1&offset=0&size=5";
  EXPECT_EQ(agent.job_call("POST", lying, "not gzip").status, 422);
  EXPECT_EQ(agent.finish(job).status, 200);
  const std::string start = "jobs/" + job + "/start";
  EXPECT_EQ(agent.call("PUT", start, {{"started_at", "2026-01-02T02:04:06Z"}}).status, 422);
}

}  // namespace
}  // namespace ostler
