// SPDX-License-Identifier: Apache-2.0
#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::HttpAnswer;

/// A hub with one running job.
class HubPluginStates : public HubTest {
 protected:
  void SetUp() override {
    job_ = make_job();
    ASSERT_EQ(agent_.ping(10), job_);
    agent_.accept(job_);
    agent_.start(job_);
  }
  HttpAnswer state(const std::string& what, json body) {
    body.emplace("plugin", "deploy");
    body.emplace("scope", "pipeline");
    return agent_.job_call("POST", "jobs/" + job_ + "/ostler/state/" + what, body);
  }
  HttpAnswer set(const json& value, const json& expected = nullptr) {
    return state("change", {{"key", "live"},
                            {"value", value},
                            {"expected", expected},
                            {"request", std::to_string(++requests_)}});
  }

  ScriptedAgent agent_{hub_};
  std::string job_;
  int requests_ = 0;
};

TEST_F(HubPluginStates, AreAnnouncedAndKeptWhileAJobRuns) {
  EXPECT_EQ(state("get", {{"key", "live"}}).json(), (json{{"value", ""}, {"revision", 0}}));
  const HttpAnswer made = set("1.0", 0);
  EXPECT_EQ(made.status, 200) << made.body;
  const json revision = made.json()["revision"];
  EXPECT_EQ(state("get", {{"key", "live"}}).json(),
            (json{{"value", "1.0"}, {"revision", revision}}));
  const HttpAnswer refused = set("1.1", 0);
  EXPECT_EQ(refused.status, 412);
  EXPECT_NE(refused.body.find("has revision " + revision.dump()), std::string::npos);
  EXPECT_EQ(state("keys", {{"key", "li"}}).json(), json::array({"live"}));
  EXPECT_EQ(set(nullptr, revision).json()["revision"], 0);
  EXPECT_EQ(state("keys", {{"key", ""}}).json(), json::array());
  EXPECT_EQ(agent_.finish(job_).status, 200);
  EXPECT_EQ(set("1.2").status, 401) << "the job is over";
}

TEST_F(HubPluginStates, OutliveTheHub) {
  set("1.0");
  hub_.kill();
  hub_.start_again();
  EXPECT_EQ(state("get", {{"key", "live"}}).json()["value"], "1.0");
}

TEST_F(HubPluginStates, RefuseWhatBreaksTheirRules) {
  EXPECT_EQ(set(std::string(64u << 10, 'a')).status, 200);
  EXPECT_EQ(set(std::string((64u << 10) + 1, 'a')).status, 422);
  EXPECT_EQ(set("1", -1).status, 400);
  EXPECT_EQ(set(7).status, 400);
  EXPECT_EQ(state("change", {{"key", "k"}, {"value", "v"}}).status, 400) << "no request";
  for (const char* key : {"", "with blank", "\n", "é"}) {
    EXPECT_EQ(state("get", {{"key", key}}).status, 422) << key;
  }
  EXPECT_EQ(state("get", {{"key", std::string(257, 'k')}}).status, 422);
  EXPECT_EQ(state("get", {{"key", "k"}, {"scope", "planet"}}).status, 422);
  EXPECT_EQ(state("get", {{"key", "k"}, {"plugin", "../x"}}).status, 422);
  EXPECT_EQ(agent_.call("POST", "jobs/" + job_ + "/ostler/state/get", {{"key", "k"}}, "x").status,
            401);
}

}  // namespace
}  // namespace ostler
