// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "rest_fixture.hpp"
#include "wire/rest_json.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class Graphql : public RestFixture {
 protected:
  json ask(const std::string& query, const json& variables) {
    const Reply reply = call("POST", "/graphql", {{"query", query}, {"variables", variables}});
    EXPECT_EQ(reply.status, 200) << reply.body;
    return reply.json();
  }
};

/// As the command line prints them.
constexpr const char* kOrganization =
    "\nquery GetOrganizationID ($slug: ID!) {\n\torganization(slug: $slug) {\n\t\tid\n\t}\n}\n";
constexpr const char* kCancel =
    "# cancels\nmutation CancelJob ($jobId: ID!) {\n\tjobTypeCommandCancel(input: {id:$jobId}) {\n"
    "\t\tclientMutationId\n\t\tjobTypeCommand "
    "{\n\t\t\tid\n\t\t\tuuid\n\t\t\tstate\n\t\t\turl\n\t\t}"
    "\n\t}\n}\n";
constexpr const char* kClusters =
    "query FindClusters ($org: ID!, $cursor: String) { organization(slug: $org) { clusters(first: "
    "100, after: $cursor) { edges { node { id name } } pageInfo { hasNextPage endCursor } } } }";
constexpr const char* kQueues =
    "query FindQueuesForCluster ($clusterId: ID!, $cursor: String) { node(id: $clusterId) { "
    "__typename ... on Cluster { id name queues(first: 100, after: $cursor) { edges { node { id "
    "key } } pageInfo { hasNextPage endCursor } } } } }";
constexpr const char* kBuild =
    "query($u: ID!) { build(uuid: $u) { uuid number state branch commit message url createdAt "
    "startedAt finishedAt pipeline { slug organization { slug } } } }";
constexpr const char* kCancelByInput =
    "mutation($i: JobTypeCommandCancelInput!) { jobTypeCommandCancel(input: $i) { jobTypeCommand { "
    "id state } } }";

TEST_F(Graphql, FindsTheOrganization) {
  const json found = ask(kOrganization, {{"slug", "ostler"}});
  const auto id = get("/organizations/ostler").json().at("graphql_id");
  EXPECT_EQ(found.at("data").at("organization").at("id"), id);
  EXPECT_FALSE(found.contains("errors"));
  EXPECT_EQ(ask(kOrganization, {{"slug", "other"}}).at("data").at("organization"), nullptr);
}

TEST_F(Graphql, FindsClustersAndTheirQueues) {
  const json clusters = ask(kClusters, {{"org", "ostler"}, {"cursor", nullptr}})
                            .at("data")
                            .at("organization")
                            .at("clusters");
  ASSERT_EQ(clusters.at("edges").size(), 1u);
  const json cluster = clusters.at("edges")[0].at("node");
  EXPECT_EQ(cluster.at("name"), "Default");
  EXPECT_EQ(clusters.at("pageInfo").at("hasNextPage"), false);
  const json node = ask(kQueues, {{"clusterId", cluster.at("id")}}).at("data").at("node");
  EXPECT_EQ(node.at("__typename"), "Cluster");
  EXPECT_EQ(node.at("queues").at("edges")[0].at("node").at("key"), "default");
  EXPECT_EQ(ask(kQueues, {{"clusterId", "nonsense"}}).at("data").at("node"), nullptr);
}

TEST_F(Graphql, FindsABuildByItsId) {
  const json build = make_build(make_pipeline("p"), {{"message", "First"}});
  const json found = ask(kBuild, {{"u", build.at("id")}}).at("data").at("build");
  EXPECT_EQ(found.at("number"), 1);
  EXPECT_EQ(found.at("state"), "SCHEDULED");
  EXPECT_EQ(found.at("message"), "First");
  EXPECT_EQ(found.at("url"), build.at("web_url"));
  EXPECT_EQ(found.at("pipeline"), (json{{"slug", "p"}, {"organization", {{"slug", "ostler"}}}}));
  EXPECT_EQ(ask(kBuild, {{"u", "00000000-0000-0000-0000-000000000000"}}).at("data").at("build"),
            nullptr);
}

TEST_F(Graphql, CancelsAJobByEitherOfItsIds) {
  make_pipeline("p", "steps:\n  - command: a\n  - command: b\n  - command: c\n  - wait\n");
  const json jobs = make_build("p").at("jobs");
  const JobId first = *JobId::parse(jobs[0].at("id").get<std::string>());
  const json canceled = ask(kCancel, {{"jobId", wire::graphql_id("JobTypeCommand", first.uuid)}});
  const json& job = canceled.at("data").at("jobTypeCommandCancel").at("jobTypeCommand");
  EXPECT_EQ(job.at("uuid"), first.str());
  EXPECT_EQ(job.at("state"), "CANCELED");
  EXPECT_EQ(job.at("url"), jobs[0].at("web_url"));
  EXPECT_EQ(get("/organizations/ostler/jobs/" + first.str()).json().at("state"), "canceled");
  const json second = ask(kCancelByInput, {{"i", {{"id", jobs[1].at("graphql_id")}}}});
  EXPECT_EQ(second.at("data").at("jobTypeCommandCancel").at("jobTypeCommand").at("state"),
            "CANCELED");
  for (const json& id : {jobs[0].at("graphql_id"), jobs[3].at("graphql_id"), json("nonsense")}) {
    const json refused = ask(kCancel, {{"jobId", id}});
    EXPECT_EQ(refused.at("data"), nullptr);
    EXPECT_NE(refused.at("errors")[0].at("message"), "");
  }
}

TEST_F(Graphql, SaysOfOtherDocumentsThatItDoesNotKnowThem) {
  for (const std::string& query :
       {std::string("{ viewer { id } }"), kOrganization + std::string("x")}) {
    const json refused = ask(query, json::object());
    EXPECT_EQ(refused.at("data"), nullptr);
    EXPECT_THAT(refused.at("errors")[0].at("message").get<std::string>(),
                HasSubstr("not this one"));
  }
  EXPECT_EQ(call("POST", "/graphql", json::object()).status, 400);
}

TEST_F(Graphql, TellsOfItsOwnWindow) {
  const Reply reply = call("POST", "/graphql", {{"query", kOrganization}});
  EXPECT_EQ(reply.header("RateLimit-Scope"), "graphql");
  EXPECT_EQ(reply.header("RateLimit-User-Scope"), "graphql_user");
  EXPECT_EQ(reply.header("RateLimit-Complexity-Requested"), "1");
}

}  // namespace
}  // namespace ostler::rest_api
