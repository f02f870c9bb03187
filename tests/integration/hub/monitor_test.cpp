// SPDX-License-Identifier: Apache-2.0
// What monitors see of a hub, and a hub whose disk is nearly full.
#include <gmock/gmock.h>

#include <cstdlib>

#include "artifact_fixture.hpp"

namespace ostler {
namespace {

using support::http_call;
using testing::HasSubstr;
using testing::StartsWith;

class Monitors : public ArtifactTest {
 protected:
  support::HttpAnswer get(const std::string& path) const {
    return http_call({"GET", hub_.url() + path, {}, ""});
  }
  /// A call of the Agent API.
  support::HttpAnswer ask(const std::string& path, const std::string& token) const {
    return http_call({"GET", hub_.endpoint() + path, {"Authorization: Token " + token}, ""});
  }
  /// The hub that starts next thinks that so much of its disk has to be free.
  void start_again_with_min_free_disk(const char* percent) {
    hub_.kill();
    ::setenv("OSTLER_HUB_MIN_FREE_DISK", percent, 1);
    hub_.start_again();
    ::unsetenv("OSTLER_HUB_MIN_FREE_DISK");
  }
};

TEST_F(Monitors, HearThatTheHubIsWell) {
  const auto answer = get("/healthz");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "OK\n");
  EXPECT_EQ(http_call({"POST", hub_.url() + "/healthz", {}, ""}).status, 405);
  EXPECT_EQ(get("/healthz/more").status, 404);
}

TEST_F(Monitors, CountWhatHappens) {
  ASSERT_EQ(agent_.chunk(job_, 1, 0, "hello\n").status, 200);
  const auto answer = get("/metrics");
  EXPECT_EQ(answer.status, 200);
  const std::string& text = answer.body;
  EXPECT_THAT(text, HasSubstr("ostler_hub_queue_wait_seconds_count{queue=\"default\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ostler_hub_jobs{state=\"running\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("ostler_hub_jobs{state=\"scheduled\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("ostler_hub_agents_connected 1\n"));
  EXPECT_THAT(text, HasSubstr("ostler_hub_log_bytes_total 6\n"));
  EXPECT_THAT(text, testing::ContainsRegex("ostler_hub_commits_total [1-9]"));
  EXPECT_THAT(text, testing::ContainsRegex("ostler_hub_disk_free_bytes [1-9]"));
}

/// What buildkite-agent-metrics asks for, with an agent token.
TEST_F(Monitors, HearFromTheAgentApiHowBusyTheQueuesAre) {
  const auto answer = ask("/metrics", hub_.agent_token());
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.headers.at("buildkite-agent-metrics-poll-duration"), "10");
  const nlohmann::json agents = {{"idle", 0}, {"busy", 1}, {"total", 1}};
  const nlohmann::json jobs = {{"scheduled", 0}, {"running", 1}, {"waiting", 0}, {"total", 1}};
  nlohmann::json all = {{"agents", agents},
                        {"jobs", jobs},
                        {"organization", {{"slug", "ostler"}}},
                        {"cluster", {{"name", "Default"}}}};
  const auto one = ask("/metrics/queue?name=default", hub_.agent_token());
  EXPECT_EQ(one.json(), all);
  all["agents"]["queues"]["default"] = agents;
  all["jobs"]["queues"]["default"] = jobs;
  EXPECT_EQ(answer.json(), all);
  EXPECT_EQ(ask("/metrics/queue?name=none", hub_.agent_token()).status, 404);
  EXPECT_EQ(ask("/metrics/queue", hub_.agent_token()).status, 422);
  EXPECT_EQ(ask("/metrics", "wrong").status, 401);
  EXPECT_EQ(ask("/metrics", agent_.session_token()).status, 401);
}

TEST_F(Monitors, ATokenSaysWhatItIs) {
  const auto answer = ask("/token", hub_.agent_token());
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto token = answer.json();
  const auto clusters = hub_.rest("GET", "/organizations/ostler/clusters").json();
  EXPECT_EQ(token["cluster_uuid"], clusters[0]["id"]);
  EXPECT_EQ(token["organization_uuid"], hub_.rest("GET", "/organizations/ostler").json()["id"]);
  EXPECT_EQ(token["uuid"].get<std::string>().size(), 36u);
  for (const char* id : {"uuid", "cluster_uuid", "organization_uuid"}) token.erase(id);
  EXPECT_EQ(token, (nlohmann::json{{"description", "first agent token"},
                                   {"token_type", "cluster"},
                                   {"organization_slug", "ostler"},
                                   {"cluster_name", "Default"},
                                   {"organization_queue_uuid", ""},
                                   {"organization_queue_key", ""}}));
  EXPECT_EQ(ask("/token", "wrong").status, 401);
  EXPECT_EQ(ask("/token", agent_.session_token()).status, 401);
}

TEST_F(Monitors, AFullDiskLetsADeclarationBeRepeated) {
  const auto first = declare("batch", {{"a", "1"}})["artifact_ids"];
  start_again_with_min_free_disk("100");
  EXPECT_EQ(declare("batch", {{"a", "1"}})["artifact_ids"], first) << "its answer may be lost";
}

TEST_F(Monitors, AFullDiskKeepsNewWorkOutAndLetsTheOldEnd) {
  start_again_with_min_free_disk("100");
  const auto refused = hub_.rest("POST", "/organizations/ostler/pipelines/" + pipeline_ + "/builds",
                                 {{"commit", "HEAD"}, {"branch", "main"}});
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.headers.at("retry-after"), "60");
  EXPECT_THAT(refused.body, HasSubstr("disk is nearly full"));
  const auto artifact =
      agent_.job_call("POST", "jobs/" + job_ + "/artifacts",
                      {{"id", "batch"},
                       {"artifacts", nlohmann::json::array({declaration({"a", "1"})})},
                       {"upload_destination", ""}});
  EXPECT_EQ(artifact.status, 503);
  EXPECT_THAT(artifact.body, HasSubstr("disk is nearly full"));
  EXPECT_THAT(get("/healthz").body, StartsWith("OK, but the hub's disk is nearly full"));
  EXPECT_EQ(agent_.chunk(job_, 1, 0, "hello\n").status, 200);
  EXPECT_EQ(agent_.finish(job_).status, 200);
  EXPECT_EQ(build_state(), "passed");
  EXPECT_EQ(hub_.log(pipeline_, 1), "hello\n");

  start_again_with_min_free_disk("0");
  EXPECT_EQ(hub_.make_build(pipeline_), 2);
}

}  // namespace
}  // namespace ostler
