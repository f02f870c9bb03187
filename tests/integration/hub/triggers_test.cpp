// SPDX-License-Identifier: Apache-2.0
// Builds that builds make, on a hub that is killed at will.
#include <chrono>
#include <set>
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
  void move_to_another_cluster(const std::string& pipeline) {
    const auto made =
        hub_.rest("POST", "/organizations/ostler/clusters", {{"name", "Strangers"}}).json();
    const auto moved = hub_.rest("PATCH", "/organizations/ostler/pipelines/" + pipeline,
                                 {{"cluster_id", made.at("id")}});
    ASSERT_EQ(moved.status, 200);
    ASSERT_EQ(moved.json().at("cluster_id"), made.at("id"));
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
  EXPECT_EQ(builds.at(0).at("source"), "trigger_job");
  EXPECT_EQ(builds.at(0).at("branch"), "b");
  EXPECT_EQ(builds.at(0).at("message"), "m");
  EXPECT_EQ(builds.at(0).at("env"), json({{"COLOR", "red"}}));
  EXPECT_EQ(builds.at(0).at("meta_data").at("a"), "x");
  EXPECT_EQ(builds.at(0).at("triggered_from").at("build_number"), 1);
  EXPECT_EQ(builds.at(0).at("triggered_from").at("build_pipeline_slug"), parent);
  EXPECT_EQ(builds.at(0).at("jobs").at(0).at("command"), "echo red");
  const json trigger = job_of(parent);
  EXPECT_EQ(trigger["type"], "trigger");
  EXPECT_EQ(trigger["state"], "running");
  EXPECT_EQ(trigger["triggered_build"]["id"], builds.at(0).at("id"));
  EXPECT_EQ(trigger["triggered_build"]["web_url"], builds.at(0).at("web_url"));

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

TEST_F(TriggersOfHub, ShowWhatIsWrongWithTheConfigurationOfTheOtherPipeline) {
  hub_.make_pipeline("child", "steps: [{command: a, agents: {queue: none}}]");
  hub_.make_build(hub_.make_pipeline("parent", "steps: [{trigger: child}]"));
  const auto build = hub_.finished_build("parent", 1, std::chrono::seconds(20));
  ASSERT_TRUE(build);
  EXPECT_EQ((*build)["jobs"][0]["trigger_error"],
            "pipeline.yml:1:30: queue \"none\" does not exist in the cluster; make it with "
            "\"ostler queue create none\", or use another one\n"
            "    steps: [{command: a, agents: {queue: none}}]\n"
            "                                 ^");
}

TEST_F(TriggersOfHub, NameTheBuildThatTheyComeFrom) {
  const std::string child = hub_.make_pipeline("child", "steps: [{command: a}]");
  hub_.make_build(hub_.make_pipeline(
      "parent",
      "steps: [{group: \"G $BUILDKITE_BUILD_NUMBER\", steps: [{command: a}]}, {trigger: child, "
      "label: \"From #$BUILDKITE_BUILD_NUMBER\", build: {message: \"by $BUILDKITE_BUILD_ID\", env: "
      "{PARENT: \"${BUILDKITE_BUILD_NUMBER}\"}}}]"));
  const json parent = hub_.build("parent", 1);
  EXPECT_EQ(parent["jobs"].at(0)["group"]["label"], "G 1");
  EXPECT_EQ(parent["jobs"].at(1)["name"], "From #1");
  const json builds = builds_of(child);
  ASSERT_EQ(builds.size(), 1u);
  EXPECT_EQ(builds.at(0).at("message"), "by " + parent["id"].get<std::string>());
  EXPECT_EQ(builds.at(0).at("env"), json({{"PARENT", "1"}}));
}

TEST_F(TriggersOfHub, GiveEachOfSeveralBuildsItsNumber) {
  const std::string child = hub_.make_pipeline("child", "steps: [{command: make}]");
  const std::string parent =
      hub_.make_pipeline("parent", "steps: [{trigger: child, async: true, parallelism: 2}]");
  hub_.make_build(parent);
  ASSERT_TRUE(hub_.finished_build(parent, 1, std::chrono::seconds(20)));
  const json builds = builds_of(child);
  ASSERT_EQ(builds.size(), 2u);
  std::set<json> numbers;
  for (const json& build : builds) {
    EXPECT_EQ(build.at("env").at("BUILDKITE_PARALLEL_JOB_COUNT"), "2");
    numbers.insert(build.at("env").at("BUILDKITE_PARALLEL_JOB"));
  }
  EXPECT_EQ(numbers, std::set<json>({"0", "1"}));
}

TEST_F(TriggersOfHub, ObeyTheBranchFilterOfTheOtherPipeline) {
  const std::string child = hub_.make_pipeline("child", "steps: [{command: make}]");
  ASSERT_EQ(hub_.rest("PATCH", "/organizations/ostler/pipelines/" + child,
                      {{"branch_configuration", "main"}})
                .status,
            200);
  const std::string parent = hub_.make_pipeline(
      "parent", "steps: [{trigger: child, async: true}, {trigger: child, build: {branch: b}}]");
  hub_.make_build(parent);
  ASSERT_TRUE(hub_.finished_build(parent, 1, std::chrono::seconds(20)));
  EXPECT_EQ(job_of(parent, 0)["state"], "passed");
  EXPECT_EQ(job_of(parent, 1)["state"], "failed");
  EXPECT_EQ(job_of(parent, 1)["trigger_error"],
            "pipeline \"child\" builds no branch \"b\"; its branch filter is \"main\"");
  EXPECT_EQ(builds_of(child).size(), 1u);
}

TEST_F(TriggersOfHub, DoNotReachPipelinesOfAnotherCluster) {
  const std::string child = hub_.make_pipeline("child", "steps: [{command: make}]");
  const std::string parent = hub_.make_pipeline("parent", "steps: [{trigger: child}]");
  move_to_another_cluster(child);
  hub_.make_build(parent);
  ASSERT_TRUE(hub_.finished_build(parent, 1, std::chrono::seconds(20)));
  EXPECT_EQ(job_of(parent)["state"], "failed");
  EXPECT_EQ(job_of(parent)["trigger_error"],
            "pipeline \"child\" is in another cluster; only pipelines of one cluster may trigger "
            "each other");
  EXPECT_EQ(hub_.rest("GET", "/organizations/ostler/pipelines/child/builds").json().size(), 0u);
}

}  // namespace
}  // namespace ostler
