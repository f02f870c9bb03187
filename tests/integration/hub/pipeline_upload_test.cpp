// SPDX-License-Identifier: Apache-2.0
// Source: reference/agent-api.md 2.16.
#include <algorithm>

#include "base/uuid.hpp"
#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;

class PipelineUpload : public HubTest {
 protected:
  void SetUp() override {
    job_ = make_job("  - wait\n  - command: last\n");
    ASSERT_EQ(agent_.ping(10), job_);
    agent_.accept(job_);
    agent_.start(job_);
  }

  static json body(const json& pipeline, const std::string& uuid = Uuid::make().str()) {
    return {{"uuid", uuid}, {"pipeline", pipeline}};
  }
  support::HttpAnswer upload(const json& request, const std::string& query = "?async=true") const {
    return agent_.job_call("POST", "jobs/" + job_ + "/pipelines" + query, request);
  }
  json status(const std::string& uuid) const {
    return agent_.job_call("GET", "jobs/" + job_ + "/pipelines/" + uuid).json();
  }
  std::vector<std::string> commands() const {
    std::vector<std::string> found;
    const json build = hub_.build(pipeline_, 1);
    for (const json& job : build["jobs"]) {
      found.push_back(job["type"] == "waiter" ? "wait" : job["command"].get<std::string>());
    }
    return found;
  }

  ScriptedAgent agent_{hub_};
  std::string job_;
};

const json kTwoSteps = json::parse(R"({"steps": [{"command": "a"}, {"command": "b"}]})");

TEST_F(PipelineUpload, AnswersWithThePlaceOfItsStateAndIsApplied) {
  const std::string uuid = Uuid::make().str();
  const auto answer = upload(body(kTwoSteps, uuid));
  EXPECT_EQ(answer.status, 202) << answer.body;
  EXPECT_EQ(answer.headers.at("location"),
            hub_.endpoint() + "/jobs/" + job_ + "/pipelines/" + uuid);
  EXPECT_GT(std::stod(answer.headers.at("retry-after")), 0);
  EXPECT_EQ(status(uuid), (json{{"state", "applied"}}));
  EXPECT_EQ(commands(), (std::vector<std::string>{"make test", "a", "b", "wait", "last"}));
}

TEST_F(PipelineUpload, IsFoundInWhicheverCaseItsUuidIsWritten) {
  const std::string uuid = "0198F3A0-1111-7222-8333-44445555ABCD";
  EXPECT_EQ(upload(body(kTwoSteps, uuid)).status, 202);
  EXPECT_EQ(status(uuid), (json{{"state", "applied"}}));
  EXPECT_EQ(status("0198f3a0-1111-7222-8333-44445555abcd"), (json{{"state", "applied"}}));
  EXPECT_EQ(agent_.job_call("GET", "jobs/" + job_ + "/pipelines/nonsense").status, 404);
}

TEST_F(PipelineUpload, OffersItsJobsInOrderOnceTheUploaderIsDone) {
  ASSERT_EQ(upload(body(kTwoSteps)).status, 202);
  EXPECT_EQ(agent_.ping(), "");
  agent_.finish(job_);
  const auto jobs = hub_.build(pipeline_, 1)["jobs"];
  for (const std::size_t next : {1u, 2u, 4u}) {
    const std::string job = jobs[next]["id"];
    ASSERT_EQ(agent_.ping(5), job);
    agent_.accept(job);
    agent_.start(job);
    agent_.finish(job);
  }
  EXPECT_EQ(build_state(), "passed");
}

TEST_F(PipelineUpload, IsDoneWhenTheCallerDoesNotWantToAsk) {
  EXPECT_EQ(upload(body(kTwoSteps), "").status, 200);
  EXPECT_EQ(commands().size(), 5u);
  const auto refused =
      upload(body(json::parse(R"({"steps": [{"command": "a", "secrets": null}]})")), "");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.json()["message"],
            "pipeline: step 1: secrets must be a list of keys, or a mapping of variables to keys");
}

TEST_F(PipelineUpload, SaysWhyItIsRejected) {
  const json pipeline = json::parse(R"({"steps": [
      {"command": "a", "key": "a"},
      {"command": "b", "depends_on": "nobody"},
      {"command": "c", "label": "Say \"c\"", "checkout": true}]})");
  const std::string uuid = Uuid::make().str();
  EXPECT_EQ(upload(body(pipeline, uuid)).status, 202);
  EXPECT_EQ(
      status(uuid),
      (json{{"state", "rejected"},
            {"message",
             "pipeline: step 3 \"Say 'c'\": checkout must be a mapping; write \"checkout: {skip: "
             "true}\""}}));
  EXPECT_EQ(commands().size(), 3u);
}

TEST_F(PipelineUpload, IsTakenOnceAcrossAKill) {
  const json request = body(kTwoSteps);
  ASSERT_EQ(upload(request).status, 202);
  hub_.kill();
  hub_.start_again();
  EXPECT_EQ(upload(request).status, 202);
  EXPECT_EQ(status(request["uuid"]), (json{{"state", "applied"}}));
  EXPECT_EQ(commands().size(), 5u);
}

TEST_F(PipelineUpload, ReplacesTheRest) {
  json request = body(kTwoSteps);
  request["replace"] = true;
  ASSERT_EQ(upload(request).status, 202);
  EXPECT_EQ(commands(), (std::vector<std::string>{"make test", "a", "b"}));
}

TEST_F(PipelineUpload, RefusesMalformedBodiesAndStrangers) {
  const std::string uuid = Uuid::make().str();
  for (const json& wrong :
       {json::object(), json{{"uuid", uuid}}, json{{"uuid", "x"}, {"pipeline", json::object()}},
        json{{"uuid", uuid}, {"pipeline", json::array()}}, json::array()}) {
    EXPECT_EQ(upload(wrong).status, 400) << wrong;
  }
  json huge = body(kTwoSteps);
  huge["pipeline"]["steps"][0]["command"] = std::string(5u << 20, 'x');
  EXPECT_EQ(upload(huge).status, 413);
  EXPECT_EQ(agent_.job_call("GET", "jobs/" + job_ + "/pipelines/" + uuid).status, 404);
  const ScriptedAgent other(hub_);
  EXPECT_EQ(other.call("POST", "jobs/" + job_ + "/pipelines", body(kTwoSteps)).status, 404);
  EXPECT_EQ(commands().size(), 3u);
}

TEST_F(PipelineUpload, IsRefusedOnceTheJobIsOver) {
  agent_.finish(job_);
  EXPECT_EQ(upload(body(kTwoSteps)).status, 401) << "with the job's token";
  const auto late = agent_.call("POST", "jobs/" + job_ + "/pipelines", body(kTwoSteps));
  EXPECT_EQ(late.status, 422);
  EXPECT_EQ(late.json()["message"],
            "You can only change the pipeline of a running build: the job is finished, its build "
            "is running");
}

}  // namespace
}  // namespace ostler
