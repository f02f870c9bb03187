// SPDX-License-Identifier: Apache-2.0
// Steps, builds and jobs as a job changes them. Source: reference/agent-api.md 2.10, 2.17.
#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;

class StepCalls : public HubTest {
 protected:
  StepCalls() {
    EXPECT_EQ(agent_.ping(10), job_);
    env_ = agent_.accept(job_)["env"];
    EXPECT_EQ(agent_.start(job_).status, 200);
  }
  support::HttpAnswer step(const std::string& name, const std::string& verb, const json& body) {
    return agent_.job_call(verb.empty() ? "PUT" : "POST", "steps/" + name + verb, body);
  }
  std::string attribute(const std::string& name, const std::string& what,
                        const std::string& format = "") {
    const auto answer =
        step(name, "/export", {{"attribute", what}, {"build_id", build()}, {"format", format}});
    return answer.status == 200 ? answer.json()["output"].get<std::string>()
                                : std::to_string(answer.status);
  }
  std::string build() const { return env_["BUILDKITE_BUILD_ID"]; }
  std::string own_step() const { return env_["BUILDKITE_STEP_ID"]; }
  std::string job_state(int at) const {
    return hub_.build(pipeline_, 1)["jobs"][static_cast<std::size_t>(at)]["state"];
  }

  std::string job_ = make_job(
      "    key: v1.x\n    label: Test\n    env: {A: b}\n    agents: {queue: default}\n"
      "  - {command: later, key: later, depends_on: v1.x}\n");
  ScriptedAgent agent_{hub_};
  json env_;
};

TEST_F(StepCalls, TellAttributes) {
  EXPECT_EQ(attribute("v1%2Ex", "label"), "Test");
  EXPECT_EQ(attribute(own_step(), "key"), "v1.x");
  EXPECT_EQ(attribute("v1%2Ex", "label", "json"), "\"Test\"");
  EXPECT_EQ(attribute("v1%2Ex", "state"), "running");
  EXPECT_EQ(attribute("v1%2Ex", "outcome"), "neutral");
  EXPECT_EQ(attribute("later", "state"), "waiting_for_dependencies");
  EXPECT_EQ(attribute("later", "label"), "");
  EXPECT_EQ(attribute("v1%2Ex", "env", "json"), R"({"A":"b"})");
  EXPECT_EQ(attribute("v1%2Ex", "agents", "json"), R"({"queue":"default"})");
  EXPECT_EQ(attribute("later", "depends_on", "json"), R"([{"allow_failure":false,"step":"v1.x"}])");
  EXPECT_EQ(json::parse(attribute("later", "", "json"))["command"], "later");
  EXPECT_EQ(attribute("later", ""), attribute("later", "", "json")) << "it is no simple text";
}

TEST_F(StepCalls, RefuseWhatThereIsNot) {
  EXPECT_EQ(attribute("v1%2Ex", "env"), "422") << "no simple text";
  EXPECT_EQ(attribute("v1%2Ex", "colour"), "422");
  EXPECT_EQ(attribute("v1%2Ex", "label", "xml"), "422");
  EXPECT_EQ(attribute("none", "label"), "404");
  EXPECT_EQ(step("later", "", {{"attribute", "command"}, {"value", "rm"}}).status, 422);
  EXPECT_EQ(step("later", "", {{"attribute", "priority"}, {"value", "high"}}).status, 422);
  EXPECT_EQ(step("later", "", {{"attribute", "priority"}, {"value", "1"}, {"append", true}}).status,
            422);
  EXPECT_EQ(step("later", "", {{"value", "x"}}).status, 400);
  EXPECT_EQ(step("later", "/cancel", {{"force_grace_period", -1}}).status, 400);
}

TEST_F(StepCalls, ChangeLabelAndPriorityOncePerUuid) {
  const json append = {{"idempotency_uuid", "u-1"},
                       {"build_id", build()},
                       {"attribute", "label"},
                       {"value", " more"},
                       {"append", true}};
  for (int i = 0; i < 2; ++i) EXPECT_EQ(step("v1%2Ex", "", append).status, 200);
  EXPECT_EQ(attribute("v1%2Ex", "label"), "Test more");
  EXPECT_EQ(step("later", "", {{"attribute", "priority"}, {"value", "7\n"}}).status, 200);
  EXPECT_EQ(attribute("later", "priority"), "7");
}

TEST_F(StepCalls, CancelAStep) {
  const auto answer = step("later", "/cancel",
                           {{"build_id", build()}, {"force", false}, {"force_grace_period", 15}});
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(answer.json()["uuid"].is_string());
  EXPECT_EQ(job_state(1), "canceled");
  EXPECT_EQ(step("later", "/cancel", json::object()).status, 422) << "it is over";
}

TEST_F(StepCalls, CancelTheBuild) {
  const auto answer = agent_.job_call("POST", "builds/" + build() + "/cancel");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json()["uuid"], build());
  EXPECT_EQ(agent_.state(job_), "canceling");
  EXPECT_EQ(agent_.job_call("POST", "builds/" + build() + "/cancel").status, 422);
}

TEST_F(StepCalls, ReachTheirOwnBuildOnly) {
  hub_.make_build(pipeline_);
  ScriptedAgent other(hub_);
  const std::string job = other.ping(10);
  ASSERT_NE(job, "");
  const json env = other.accept(job)["env"];
  const std::string foreign = env["BUILDKITE_STEP_ID"];
  EXPECT_EQ(attribute(foreign, "label"), "404");
  EXPECT_EQ(step(foreign, "", {{"attribute", "label"}, {"value", "x"}}).status, 404);
  EXPECT_EQ(step(foreign, "/cancel", json::object()).status, 404);
  EXPECT_EQ(step("later", "/cancel", {{"build_id", env["BUILDKITE_BUILD_ID"]}}).status, 404);
  const std::string cancel = "builds/" + env["BUILDKITE_BUILD_ID"].get<std::string>() + "/cancel";
  EXPECT_EQ(agent_.job_call("POST", cancel).status, 404);
  EXPECT_EQ(agent_.call("POST", cancel, nullptr, "osts_nobody").status, 401);
  EXPECT_EQ(agent_.call("POST", "builds/" + build() + "/cancel").status, 200)
      << "the session's token serves for its job's build";
}

class JobCalls : public StepCalls {
 protected:
  int promise(const json& body) {
    return agent_.job_call("PUT", "jobs/" + job_ + "/promise_failure", body).status;
  }
};

TEST_F(JobCalls, ChangeTheTimeout) {
  const auto answer = agent_.job_call("PUT", "jobs/" + job_, {{"timeout", "20"}});
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json()["id"], job_);
  EXPECT_EQ(attribute("v1%2Ex", "timeout_in_minutes"), "20");
  for (const char* wrong : {"0", "-1", "soon", "", "99999999"}) {
    EXPECT_EQ(agent_.job_call("PUT", "jobs/" + job_, {{"timeout", wrong}}).status, 422) << wrong;
  }
  EXPECT_EQ(agent_.job_call("PUT", "jobs/" + job_, {{"command", "rm"}}).status, 422);
  EXPECT_EQ(agent_.job_call("PUT", "jobs/" + job_, {{"timeout", 20}}).status, 400);
  EXPECT_EQ(agent_.job_call("PUT", "jobs/" + job_, json::object()).status, 400);
  agent_.finish(job_);
  EXPECT_EQ(agent_.call("PUT", "jobs/" + job_, {{"timeout", "30"}}).status, 422);
}

TEST_F(JobCalls, PromiseAFailureOnce) {
  EXPECT_EQ(promise({{"exit_status", 3}, {"reason", "tests failed"}}), 204);
  EXPECT_EQ(promise({{"exit_status", 3}}), 204) << "a repeat";
  EXPECT_EQ(promise({{"exit_status", 4}}), 409);
  EXPECT_EQ(promise({{"exit_status", 0}}), 400);
  EXPECT_EQ(promise({{"exit_status", "3"}}), 400);
  EXPECT_EQ(agent_.finish(job_, "0").status, 200);
  EXPECT_EQ(agent_.finish(job_, "0").status, 200) << "its repeat";
  EXPECT_EQ(promise({{"exit_status", 3}}), 422) << "the job is over";
  EXPECT_EQ(hub_.build(pipeline_, 1)["jobs"][0]["exit_status"], 3);
  EXPECT_EQ(hub_.build(pipeline_, 1)["jobs"][0]["promised_failure"],
            (json{{"exit_status", 3}, {"reason", "tests failed"}}));
  EXPECT_EQ(build_state(), "failed");
}

TEST_F(JobCalls, APromiseNeedsTheTokenOfItsJob) {
  const std::string path = "jobs/" + job_ + "/promise_failure";
  const json body = {{"exit_status", 1}};
  EXPECT_EQ(agent_.call("PUT", path, body).status, 403) << "the session's";
  EXPECT_EQ(agent_.call("PUT", path, body, "osts_nobody").status, 401);
  hub_.make_build(pipeline_);
  ScriptedAgent other(hub_);
  const std::string job = other.ping(10);
  ASSERT_NE(job, "");
  other.accept(job);
  EXPECT_EQ(other.job_call("PUT", path, body).status, 403) << "another job's";
}

}  // namespace
}  // namespace ostler
