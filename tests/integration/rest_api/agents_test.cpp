// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;
using testing::ElementsAre;

constexpr auto kAgents = "/organizations/ostler/agents";

class RestAgents : public RestFixture {
 protected:
  std::string path(const store::RegisteredAgent& agent, const std::string& more = "") const {
    return std::string(kAgents) + "/" + agent.agent.id.str() + more;
  }
  std::string state(const store::RegisteredAgent& agent) {
    return get(path(agent)).json().at("connection_state");
  }
};

TEST_F(RestAgents, AreListedWithTheirQueueAndTheirJob) {
  const auto agent = connect_agent();
  const json build = make_build(make_pipeline("p"));
  json listed = get(kAgents).json();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].at("name"), "builder-1");
  EXPECT_EQ(listed[0].at("queue"), "default");
  EXPECT_EQ(listed[0].at("connection_state"), "connected");
  EXPECT_EQ(listed[0].at("meta_data"), json({"queue=default"}));
  EXPECT_EQ(listed[0].at("priority"), nullptr);
  EXPECT_EQ(listed[0].at("job"), nullptr);
  start(agent, first_job(build));
  listed = get(kAgents).json();
  EXPECT_EQ(listed[0].at("job").at("id"), first_job(build).str());
  EXPECT_EQ(listed[0].at("job").at("state"), "running");
  EXPECT_EQ(get(path(agent)).json(), listed[0]);
}

TEST_F(RestAgents, AreListedWhileTheyAreConnectedOnly) {
  const auto agent = connect_agent();
  run(store_->disconnect_agent({agent.agent.id, clock_.at}));
  EXPECT_EQ(get(kAgents).body, "[]");
  EXPECT_EQ(state(agent), "disconnected") << "one by itself is shown in any state";
  EXPECT_EQ(get(std::string(kAgents) + "/00000000-0000-0000-0000-000000000000").message(),
            "No agent found");
  EXPECT_EQ(get(std::string(kAgents) + "/nonsense").status, 404);
}

TEST_F(RestAgents, AreFilteredAndPaged) {
  connect_agent();
  connect_agent();
  const std::string list = kAgents;
  EXPECT_EQ(get(list + "?name=builder-1").json().size(), 2u);
  EXPECT_EQ(get(list + "?name=builder").json().size(), 0u);
  EXPECT_EQ(get(list + "?hostname=elsewhere").json().size(), 0u);
  EXPECT_EQ(get(list + "?version=9").json().size(), 0u);
  const std::string clusters = "/organizations/ostler/clusters";
  const std::string cluster = get(clusters).json()[0].at("id");
  const std::string queues = clusters + "/" + cluster + "/queues";
  const std::string queue = get(queues).json()[0].at("id");
  EXPECT_EQ(get(list + "?cluster_queue_id=" + queue).json().size(), 2u);
  const std::string other = call("POST", queues, {{"key", "mac"}}).json().at("id");
  EXPECT_EQ(get(list + "?cluster_queue_id=" + other).json().size(), 0u);
  EXPECT_EQ(get(list + "?cluster_queue_id=mac").status, 400);
  const Reply page = get(list + "?per_page=1");
  EXPECT_EQ(page.json().size(), 1u);
  EXPECT_THAT(page.header("Link"), testing::HasSubstr("rel=\"next\""));
}

TEST_F(RestAgents, ArePausedAndResumed) {
  const auto agent = connect_agent();
  const json pause = {{"note", "new disk"}, {"timeout_in_minutes", 30}};
  EXPECT_EQ(call("PUT", path(agent, "/pause"), pause).status, 204);
  const json paused = get(path(agent)).json();
  EXPECT_EQ(paused.at("paused"), true);
  EXPECT_EQ(paused.at("paused_note"), "new disk");
  EXPECT_EQ(paused.at("paused_timeout_in_minutes"), 30);
  const Reply again = call("PUT", path(agent, "/pause"));
  EXPECT_EQ(again.status, 422);
  EXPECT_EQ(again.message(), "Agent is already paused");
  EXPECT_EQ(call("PUT", path(agent, "/resume"), json::object()).status, 204);
  EXPECT_EQ(get(path(agent)).json().at("paused"), false);
  const Reply twice = call("PUT", path(agent, "/resume"));
  EXPECT_EQ(twice.status, 422);
  EXPECT_EQ(twice.message(), "Agent is not paused");
}

TEST_F(RestAgents, AreStoppedWithTheirJobUnlessToldOtherwise) {
  const auto agent = connect_agent();
  const json build = make_build(make_pipeline("p"));
  start(agent, first_job(build));
  EXPECT_EQ(call("PUT", path(agent, "/stop"), {{"force", 7}}).status, 422);
  EXPECT_EQ(call("PUT", path(agent, "/stop"), {{"force", false}}).status, 204);
  EXPECT_EQ(state(agent), "stopping");
  EXPECT_THAT(listener_.canceling, ElementsAre());
  EXPECT_EQ(call("PUT", path(agent, "/stop")).status, 204);
  EXPECT_THAT(listener_.canceling, ElementsAre(first_job(build)));
  finish(agent, first_job(build), 1);
  run(store_->disconnect_agent({agent.agent.id, clock_.at}));
  EXPECT_EQ(state(agent), "stopped");
  const Reply gone = call("PUT", path(agent, "/stop"));
  EXPECT_EQ(gone.status, 400);
  EXPECT_EQ(gone.message(), "Can only stop connected agents");
  EXPECT_EQ(call("PUT", path(agent, "/pause")).message(), "Only connected agents may be paused");
}

TEST_F(RestAgents, AreLeftAloneByTokensThatMayOnlyRead) {
  open_store({"read_agents", "read_builds"});
  const auto agent = connect_agent();
  EXPECT_EQ(get(kAgents).status, 200);
  EXPECT_EQ(call("PUT", path(agent, "/stop")).status, 403);
  EXPECT_EQ(call("POST", kAgents).status, 404);
  EXPECT_EQ(call("DELETE", path(agent)).status, 404);
}

}  // namespace
}  // namespace ostler::rest_api
