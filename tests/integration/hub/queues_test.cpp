// SPDX-License-Identifier: Apache-2.0
// Two queues on one hub: who gets which job, and what a pause does.
#include <chrono>
#include <future>

#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::HttpAnswer;

constexpr int kPatience = 20;

class HubQueues : public HubTest {
 protected:
  void SetUp() override {
    cluster_ = hub_.rest("GET", "/organizations/ostler/clusters").json()[0]["id"];
    const HttpAnswer made = in_cluster("POST", "/queues", {{"key", "linux"}});
    ASSERT_EQ(made.status, 201) << made.body;
    queue_ = made.json()["id"];
    pipeline_ = hub_.make_pipeline("app",
                                   "steps:\n  - {command: a, key: a}\n"
                                   "  - {command: b, key: b, agents: {queue: linux}}\n");
  }
  HttpAnswer in_cluster(const std::string& method, const std::string& path,
                        const json& body = nullptr) const {
    return hub_.rest(method, "/organizations/ostler/clusters/" + cluster_ + path, body);
  }
  HttpAnswer pause() const { return in_cluster("POST", "/queues/" + queue_ + "/pause_dispatch"); }
  HttpAnswer resume() const { return in_cluster("POST", "/queues/" + queue_ + "/resume_dispatch"); }
  /// The ids of a new build's jobs: of the default queue, then of linux.
  std::pair<std::string, std::string> make_jobs() {
    const json build = hub_.build(pipeline_, hub_.make_build(pipeline_));
    return {build["jobs"][0]["id"], build["jobs"][1]["id"]};
  }
  HttpAnswer acquire(const ScriptedAgent& agent, const std::string& job) const {
    return support::http_call(
        {"PUT",
         hub_.endpoint() + "/jobs/" + job + "/acquire",
         {"Authorization: Token " + agent.session_token(), "X-Buildkite-Lock-Acquire-Job: 1"},
         ""});
  }
  HttpAnswer register_with(const std::string& token, const json& tags = nullptr,
                           const std::string& program = "buildkite-agent/3.137.0") const {
    return support::http_call({"POST",
                               hub_.endpoint() + "/register",
                               {"Authorization: Token " + token, "Content-Type: application/json",
                                "User-Agent: " + program},
                               json{{"name", "a"}, {"hostname", "h"}, {"meta_data", tags}}.dump()});
  }

  std::string cluster_;
  std::string queue_;
};

TEST_F(HubQueues, GiveAnAgentItsOwnJobsOnly) {
  const ScriptedAgent linux(hub_, {"queue=linux"});
  const ScriptedAgent other(hub_);
  const auto [of_default, of_linux] = make_jobs();
  EXPECT_EQ(linux.ping(10), of_linux);
  EXPECT_EQ(other.ping(10), of_default);
}

TEST_F(HubQueues, GiveNothingWhileTheyArePausedAndAtOnceWhenTheyAreResumed) {
  ScriptedAgent linux(hub_, {"queue=linux"});
  ASSERT_EQ(pause().status, 200);
  const auto [of_default, of_linux] = make_jobs();
  const ScriptedAgent other(hub_);
  EXPECT_EQ(other.ping(10), of_default) << "the other queue is not paused";
  EXPECT_EQ(linux.ping(1), "");
  auto waiting = std::async(std::launch::async, [&linux] { return linux.ping(kPatience); });
  EXPECT_EQ(waiting.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout);
  const auto before = std::chrono::steady_clock::now();
  ASSERT_EQ(resume().status, 200);
  EXPECT_EQ(waiting.get(), of_linux);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(kPatience / 2))
      << "it was told, not left to ask again";
  linux.accept(of_linux);
}

TEST_F(HubQueues, RefuseAJobThatWasOfferedBeforeThePause) {
  const ScriptedAgent linux(hub_, {"queue=linux"});
  const auto [of_default, of_linux] = make_jobs();
  ASSERT_EQ(linux.ping(10), of_linux);
  pause();
  const HttpAnswer refused = linux.call("PUT", "jobs/" + of_linux + "/accept");
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.body.find("its queue is paused"), std::string::npos) << refused.body;
  EXPECT_EQ(linux.ping(), "");
  resume();
  EXPECT_EQ(linux.ping(10), of_linux);
  EXPECT_EQ(linux.call("PUT", "jobs/" + of_linux + "/accept").status, 200);
}

TEST_F(HubQueues, LockAJobThatSomebodyWantsToAcquireDuringAPause) {
  const ScriptedAgent linux(hub_, {"queue=linux"});
  pause();
  const auto [of_default, of_linux] = make_jobs();
  HttpAnswer locked = acquire(linux, of_linux);
  EXPECT_EQ(locked.status, 423) << locked.body;
  EXPECT_EQ(locked.headers["retry-after"], "5");
  resume();
  EXPECT_EQ(acquire(linux, of_linux).status, 200);
}

TEST_F(HubQueues, StayPausedWhenTheHubStartsAgain) {
  pause();
  const auto [of_default, of_linux] = make_jobs();
  hub_.kill();
  hub_.start_again();
  const ScriptedAgent linux(hub_, {"queue=linux"});
  EXPECT_EQ(linux.ping(1), "");
  resume();
  EXPECT_EQ(linux.ping(10), of_linux);
}

TEST_F(HubQueues, LetRunningJobsGoOnDuringAPause) {
  ScriptedAgent linux(hub_, {"queue=linux"});
  const auto [of_default, of_linux] = make_jobs();
  ASSERT_EQ(linux.ping(10), of_linux);
  linux.accept(of_linux);
  pause();
  EXPECT_EQ(linux.start(of_linux).status, 200);
  EXPECT_EQ(linux.finish(of_linux).status, 200);
  EXPECT_EQ(linux.ping(), "");
}

TEST_F(HubQueues, TellAgentsTheirLease) {
  ASSERT_EQ(in_cluster("PUT", "/queues/" + queue_, {{"lease_seconds", 300}}).status, 200);
  const std::string token = hub_.agent_token();
  const json linux = register_with(token, {"queue=linux"}, "ostler/0.1").json();
  EXPECT_EQ(linux["lease_seconds"], 300);
  EXPECT_EQ(register_with(token, nullptr, "ostler/0.1").json()["lease_seconds"], 600);
}

TEST_F(HubQueues, ThatDoNotExistTurnAgentsAndBuildsAway) {
  const std::string pipeline =
      hub_.make_pipeline("mac", "steps:\n  - {command: a, agents: {queue: mac}}\n");
  const HttpAnswer build =
      hub_.rest("POST", "/organizations/ostler/pipelines/" + pipeline + "/builds",
                {{"commit", "HEAD"}, {"branch", "main"}, {"message", "a"}});
  EXPECT_EQ(build.status, 422) << build.body;
  EXPECT_NE(build.body.find("ostler queue create mac"), std::string::npos) << build.body;
  const HttpAnswer refused = register_with(hub_.agent_token(), {"queue=mac"});
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.body.find("ostler queue create mac"), std::string::npos) << refused.body;
}

TEST_F(HubQueues, AreEnteredWithTokensOfTheirCluster) {
  const HttpAnswer made = in_cluster("POST", "/tokens", {{"description", "laptop"}});
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string token = made.json()["token"];
  EXPECT_EQ(register_with(token, {"queue=linux"}).status, 200);
  EXPECT_EQ(in_cluster("DELETE", "/tokens/" + made.json()["id"].get<std::string>()).status, 204);
  EXPECT_EQ(register_with(token).status, 401);
}

TEST_F(HubQueues, AreEnteredFromAllowedAddressesOnly) {
  const HttpAnswer made = in_cluster(
      "POST", "/tokens", {{"description", "lab"}, {"allowed_ip_addresses", "192.0.2.0/24"}});
  const std::string token = made.json()["token"];
  const HttpAnswer refused = register_with(token);
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.body.find("127.0.0.1"), std::string::npos) << refused.body;
  const std::string path = "/tokens/" + made.json()["id"].get<std::string>();
  in_cluster("PATCH", path, {{"allowed_ip_addresses", "192.0.2.0/24 127.0.0.0/8"}});
  EXPECT_EQ(register_with(token).status, 200);
}

}  // namespace
}  // namespace ostler
