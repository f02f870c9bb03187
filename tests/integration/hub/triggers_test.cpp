// SPDX-License-Identifier: Apache-2.0
// Builds that builds make, on a hub that is killed at will.
#include <chrono>
#include <thread>

#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;

class TriggersOfHub : public HubTest {
 protected:
  void kill_and_start_again() {
    hub_.kill();
    hub_.start_again();
  }
  json job_of(const std::string& pipeline, std::size_t job = 0) {
    return hub_.build(pipeline, 1)["jobs"].at(job);
  }
  /// The builds of the pipeline once there is one, or many seconds have passed.
  json builds_of(const std::string& pipeline) {
    const std::string path = "/organizations/ostler/pipelines/" + pipeline + "/builds";
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    json builds = json::array();
    while (builds.empty() && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      builds = hub_.rest("GET", path).json();
    }
    return builds;
  }
};

TEST_F(TriggersOfHub, MakeOneBuildAcrossKillsAndGoOnWithItsEnd) {
  const std::string child = hub_.make_pipeline("child", "steps: [{command: \"echo $COLOR\"}]");
  const std::string parent = hub_.make_pipeline(
      "parent",
      "steps: [{trigger: child, build: {branch: b, message: m, env: {COLOR: red}, meta_data: {a: "
      "x}}}, wait, {command: after}]");
  hub_.make_build(parent);
  kill_and_start_again();
  const json builds = builds_of(child);
  ASSERT_EQ(builds.size(), 1u);
  EXPECT_EQ(builds[0]["source"], "trigger_job");
  EXPECT_EQ(builds[0]["branch"], "b");
  EXPECT_EQ(builds[0]["message"], "m");
  EXPECT_EQ(builds[0]["env"], json({{"COLOR", "red"}}));
  EXPECT_EQ(builds[0]["meta_data"]["a"], "x");
  EXPECT_EQ(builds[0]["triggered_from"]["build_number"], 1);
  EXPECT_EQ(builds[0]["triggered_from"]["build_pipeline_slug"], parent);
  EXPECT_EQ(builds[0]["jobs"][0]["command"], "echo red");
  const json trigger = job_of(parent);
  EXPECT_EQ(trigger["type"], "trigger");
  EXPECT_EQ(trigger["state"], "running");
  EXPECT_EQ(trigger["triggered_build"]["id"], builds[0]["id"]);
  EXPECT_EQ(trigger["triggered_build"]["web_url"], builds[0]["web_url"]);

  kill_and_start_again();
  ScriptedAgent agent(hub_);
  const std::string job = agent.ping(10);
  agent.accept(job);
  agent.start(job);
  EXPECT_EQ(agent.finish(job).status, 200);
  EXPECT_EQ(job_of(parent)["state"], "passed");
  EXPECT_EQ(builds_of(child).size(), 1u);
  EXPECT_EQ(agent.ping(10), job_of(parent, 2)["id"].get<std::string>());
}

TEST_F(TriggersOfHub, FailWithTheReasonWhenTheirBuildCannotBeMade) {
  const std::string parent = hub_.make_pipeline("parent", "steps: [{trigger: nobody}]");
  hub_.make_build(parent);
  const auto build = hub_.finished_build(parent, 1, std::chrono::seconds(20));
  ASSERT_TRUE(build);
  EXPECT_EQ((*build)["state"], "failed");
  EXPECT_EQ((*build)["jobs"][0]["trigger_error"], "there is no pipeline \"nobody\"");
  EXPECT_EQ((*build)["jobs"][0]["triggered_build"], nullptr);
}

}  // namespace
}  // namespace ostler
