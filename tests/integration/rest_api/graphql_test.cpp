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

constexpr const char* kBuildBySlug =
    "query($slug: ID!) { build(slug: $slug) { uuid number state branch commit message url "
    "createdAt startedAt finishedAt pipeline { slug organization { slug } } } }";
constexpr const char* kUser =
    "\nquery FindUserByEmail ($organization: ID!, $email: String!) {\n\torganization(slug: "
    "$organization) {\n\t\tmembers(first: 1, email: $email) {\n\t\t\tedges {\n\t\t\t\tnode "
    "{\n\t\t\t\t\tuser {\n\t\t\t\t\t\tid\n\t\t\t\t\t}\n\t\t\t\t}\n\t\t\t}\n\t\t}\n\t}\n}\n";
constexpr const char* kInvite =
    "\nmutation InviteUser ($organization: ID!, $emails: [String!]!) {\n"
    "\torganizationInvitationCreate(input: {organizationID:$organization,emails:$emails}) {\n"
    "\t\tclientMutationId\n\t}\n}\n";
constexpr const char* kWebhook =
    "\nmutation PipelineCreateWebhook ($id: ID!) {\n\tpipelineCreateWebhook(input: {id:$id}) {\n"
    "\t\tclientMutationId\n\t\tpipelineID\n\t}\n}\n";
constexpr const char* kTeams =
    "query PipelineTeams($slug: ID!, $after: String) {\n  pipeline(slug: $slug) {\n    "
    "teams(first: "
    "100, after: $after) {\n      edges {\n        node {\n          accessLevel\n          team "
    "{\n            uuid\n          }\n        }\n      }\n      pageInfo {\n        "
    "hasNextPage\n        endCursor\n      }\n    }\n  }\n}\n";

/// The documents of job and agent lists, as generated clients send them.
constexpr const char* kNodeOfAJob =
    "{ edges { node { __typename ... on JobTypeCommand { id uuid command state exitStatus url "
    "startedAt finishedAt createdAt cluster { id name } clusterQueue { id key } agent { id name "
    "hostname metaData } } } } pageInfo { endCursor hasNextPage } } } }";
const std::string kJobsByQueue =
    std::string(
        "query ListJobsByQueue ($org: ID!, $clusterQueue: [ID!], $state: [JobStates!], "
        "$first: Int, $after: String) { organization(slug: $org) { jobs(clusterQueue: "
        "$clusterQueue, state: $state, first: $first, after: $after) ") +
    kNodeOfAJob;
const std::string kJobsByQueueBefore =
    std::string(
        "query ListJobsByQueue ($org: ID!, $clusterQueue: [ID!], $first: Int, $after: "
        "String) { organization(slug: $org) { jobs(clusterQueue: $clusterQueue, first: "
        "$first, after: $after) ") +
    kNodeOfAJob;
constexpr const char* kJobsByState =
    "query ListJobsByState ($org: ID!, $state: [JobStates!], $first: Int, $after: String) { "
    "organization(slug: $org) { jobs(state: $state, first: $first, after: $after) { edges { node { "
    "__typename ... on JobTypeCommand { id uuid label command state exitStatus url startedAt "
    "finishedAt createdAt cluster { id name } clusterQueue { id key } agent { id name hostname "
    "metaData } } } } pageInfo { endCursor hasNextPage } } } }";
constexpr const char* kJobsByRules =
    "query ListJobsByAgentQueryRules ($org: ID!, $agentQueryRules: [String!], $state: "
    "[JobStates!], $first: Int, $after: String) { organization(slug: $org) { jobs(first: $first, "
    "after: $after, agentQueryRules: $agentQueryRules, state: $state) { edges { node { __typename "
    "... on JobTypeCommand { id uuid command state exitStatus url startedAt finishedAt createdAt "
    "agent { id name hostname metaData } } } } pageInfo { endCursor hasNextPage } } } }";
constexpr const char* kAgents =
    "query ListAgents ($orgSlug: ID!, $first: Int, $after: String, $isRunningJob: Boolean, "
    "$paused: Boolean) { organization(slug: $orgSlug) { agents(first: $first, after: $after, "
    "isRunningJob: $isRunningJob, paused: $paused) { edges { node { id name hostname version "
    "connectionState metaData createdAt ipAddress userAgent isRunningJob paused pausedAt pausedBy "
    "{ name } pausedNote pausedTimeoutInMinutes clusterQueue { id key } } } pageInfo { "
    "hasNextPage endCursor } } } }";

class GraphqlLists : public Graphql {
 protected:
  json jobs(const std::string& document, json variables) {
    variables["org"] = "ostler";
    return ask(document, variables).at("data").at("organization").at("jobs");
  }
  static std::vector<std::string> commands(const json& connection) {
    std::vector<std::string> words;
    for (const json& edge : connection.at("edges")) {
      words.push_back(edge.at("node").at("command"));
    }
    return words;
  }
  json queue() {
    const json clusters = get("/organizations/ostler/clusters").json();
    const std::string queues =
        "/organizations/ostler/clusters/" + clusters.at(0).at("id").get<std::string>() + "/queues";
    return get(queues).json().at(0).at("graphql_id");
  }
};

using Words = std::vector<std::string>;

TEST_F(GraphqlLists, HaveTheJobsOfAQueue) {
  make_pipeline("p", "steps:\n  - {command: a, label: A}\n  - {command: b}\n  - wait\n");
  const json build = make_build("p");
  const auto agent = connect_agent();
  start(agent, first_job(build));
  finish(agent, first_job(build), 3);
  const json found = jobs(kJobsByQueue, {{"clusterQueue", {queue()}}, {"state", nullptr}});
  EXPECT_EQ(commands(found), (Words{"b", "a"}));
  const json node = found.at("edges")[1].at("node");
  EXPECT_EQ(node.at("__typename"), "JobTypeCommand");
  EXPECT_EQ(node.at("uuid"), build.at("jobs")[0].at("id"));
  EXPECT_EQ(node.at("state"), "FINISHED");
  EXPECT_EQ(node.at("exitStatus"), "3");
  EXPECT_EQ(node.at("url"), build.at("jobs")[0].at("web_url"));
  EXPECT_EQ(node.at("cluster").at("name"), "Default");
  EXPECT_EQ(node.at("clusterQueue").at("id"), queue());
  EXPECT_EQ(node.at("agent").at("name"), "builder-1");
  EXPECT_FALSE(node.contains("label"));
  EXPECT_EQ(found.at("edges")[0].at("node").at("agent"), nullptr);
  EXPECT_EQ(found.at("pageInfo"), (json{{"hasNextPage", false}, {"endCursor", nullptr}}));
  EXPECT_EQ(commands(jobs(kJobsByQueueBefore, {{"clusterQueue", {queue()}}})), (Words{"b", "a"}));
  EXPECT_EQ(commands(jobs(kJobsByQueue, {{"clusterQueue", {"nonsense"}}})), Words());
  EXPECT_EQ(ask(kJobsByQueue, {{"org", "other"}}).at("data").at("organization"), nullptr);
}

TEST_F(GraphqlLists, HaveJobsByStateAndRulesPageByPage) {
  make_pipeline("p", "steps: [{command: a, label: A, agents: {os: linux}}, {command: b}]");
  make_build("p");
  make_build("p");
  const json first = jobs(kJobsByState, {{"state", {"SCHEDULED", "RUNNING"}}, {"first", 3}});
  EXPECT_EQ(commands(first), (Words{"b", "a", "b"}));
  EXPECT_EQ(first.at("edges")[1].at("node").at("label"), "A");
  EXPECT_EQ(first.at("pageInfo").at("hasNextPage"), true);
  const json rest = jobs(
      kJobsByState,
      {{"state", {"SCHEDULED"}}, {"first", 3}, {"after", first.at("pageInfo").at("endCursor")}});
  EXPECT_EQ(commands(rest), Words{"a"});
  EXPECT_EQ(commands(jobs(kJobsByState, {{"state", {"RUNNING"}}})), Words());
  EXPECT_EQ(commands(jobs(kJobsByState, {{"state", {"RESERVED"}}})), Words());
  EXPECT_EQ(commands(jobs(kJobsByRules, {{"agentQueryRules", {"os=linux"}}})), (Words{"a", "a"}));
}

TEST_F(GraphqlLists, HaveConnectedAgents) {
  make_pipeline("p");
  start(connect_agent(), first_job(make_build("p")));
  connect_agent();
  const auto agents = [&](json variables) {
    variables["orgSlug"] = "ostler";
    return ask(kAgents, variables).at("data").at("organization").at("agents");
  };
  const json all = agents({{"first", 1}});
  ASSERT_EQ(all.at("edges").size(), 1u);
  EXPECT_EQ(all.at("pageInfo").at("hasNextPage"), true);
  EXPECT_EQ(all.at("edges")[0].at("node").at("connectionState"), "connected");
  const json second = agents({{"first", 1}, {"after", all.at("pageInfo").at("endCursor")}});
  EXPECT_NE(second.at("edges")[0].at("node").at("id"), all.at("edges")[0].at("node").at("id"));
  EXPECT_EQ(second.at("pageInfo").at("hasNextPage"), false);
  const json busy = agents({{"isRunningJob", true}, {"paused", false}});
  ASSERT_EQ(busy.at("edges").size(), 1u);
  EXPECT_EQ(busy.at("edges")[0].at("node").at("clusterQueue").at("key"), "default");
  EXPECT_EQ(agents({{"paused", true}}).at("edges").size(), 0u);
}

TEST_F(GraphqlLists, FillThePagesOfAFilterWithTheAgentsItFinds) {
  make_pipeline("p", "steps: [{command: a}, {command: b}]");
  const json jobs = make_build("p").at("jobs");
  for (const json& job : jobs) {
    start(connect_agent(), *JobId::parse(job.at("id").get<std::string>()));
    connect_agent();
    connect_agent();
  }
  const auto busy = [&](json variables) {
    variables.update({{"orgSlug", "ostler"}, {"first", 1}, {"isRunningJob", true}});
    return ask(kAgents, variables).at("data").at("organization").at("agents");
  };
  const json first = busy({});
  ASSERT_EQ(first.at("edges").size(), 1u) << "idle agents take no place of the page";
  EXPECT_EQ(first.at("edges")[0].at("node").at("isRunningJob"), true);
  EXPECT_EQ(first.at("pageInfo").at("hasNextPage"), true);
  const json second = busy({{"after", first.at("pageInfo").at("endCursor")}});
  ASSERT_EQ(second.at("edges").size(), 1u);
  EXPECT_NE(second.at("edges")[0].at("node").at("id"), first.at("edges")[0].at("node").at("id"));
  EXPECT_EQ(second.at("pageInfo").at("hasNextPage"), false);
}

TEST_F(Graphql, AllowsNoMoreThanTheScopesOfTheToken) {
  open_store({"graphql"});
  for (const auto& [document, scope] :
       std::vector<std::pair<std::string, std::string>>{{kCancel, "write_builds"},
                                                        {kCancelByInput, "write_builds"},
                                                        {kBuild, "read_builds"},
                                                        {kClusters, "read_clusters"},
                                                        {kBuildBySlug, "read_builds"},
                                                        {kUser, "read_organizations"},
                                                        {kInvite, "write_organizations"},
                                                        {kWebhook, "write_pipelines"},
                                                        {kTeams, "read_pipelines"},
                                                        {kJobsByQueue, "read_builds"},
                                                        {kAgents, "read_agents"}}) {
    const json refused = ask(document, {{"org", "ostler"}, {"orgSlug", "ostler"}});
    EXPECT_EQ(refused.at("data"), nullptr);
    EXPECT_EQ(refused.at("errors")[0].at("message"),
              "Forbidden: the token lacks the scope " + scope);
  }
  EXPECT_FALSE(ask(kOrganization, {{"slug", "ostler"}}).contains("errors"));
}

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

TEST_F(Graphql, FindsABuildByItsSlug) {
  const json build = make_build(make_pipeline("p"));
  const auto found = [&](const char* slug) {
    return ask(kBuildBySlug, {{"slug", slug}}).at("data").at("build");
  };
  EXPECT_EQ(found("ostler/p/1").at("uuid"), build.at("id"));
  EXPECT_EQ(found("ostler/p/1"), ask(kBuild, {{"u", build.at("id")}}).at("data").at("build"));
  for (const char* slug :
       {"ostler/p/2", "ostler/q/1", "other/p/1", "ostler/p", "ostler/p/1/", ""}) {
    EXPECT_EQ(found(slug), nullptr) << slug;
  }
}

TEST_F(Graphql, FindsAMemberByEmail) {
  const json user = get("/user").json();
  const auto members = [&](const std::string& email) {
    const json found = ask(kUser, {{"organization", "ostler"}, {"email", email}});
    return found.at("data").at("organization").at("members").at("edges");
  };
  std::string email = user.at("email");
  ASSERT_EQ(members(email).size(), 1u);
  EXPECT_EQ(members(email)[0].at("node").at("user").at("id"), user.at("graphql_id"));
  std::ranges::transform(email, email.begin(), ::toupper);
  EXPECT_EQ(members(email).size(), 1u);
  EXPECT_EQ(members("nobody@example.com").size(), 0u);
  EXPECT_EQ(ask(kUser, {{"organization", "other"}, {"email", email}}).at("data"),
            (json{{"organization", nullptr}}));
}

TEST_F(Graphql, SaysWhatItCannotDoAndWhatComesInstead) {
  const auto refusal = [&](const char* document, const json& variables) {
    const json refused = ask(document, variables);
    EXPECT_EQ(refused.at("data"), nullptr);
    return refused.at("errors").at(0).at("message").get<std::string>();
  };
  const json organization = get("/organizations/ostler").json().at("graphql_id");
  EXPECT_THAT(refusal(kInvite, {{"organization", organization}, {"emails", {"a@example.com"}}}),
              HasSubstr("`ostler token create --api NAME"));
  make_pipeline("p");
  const json id = get("/organizations/ostler/pipelines/p").json().at("graphql_id");
  EXPECT_THAT(refusal(kWebhook, {{"id", id}}), HasSubstr("`ostler pipeline update p --poll 60`"));
  call("PATCH", "/organizations/ostler/pipelines/p", {{"poll_interval_seconds", 90}});
  EXPECT_THAT(refusal(kWebhook, {{"id", id}}), HasSubstr("every 90 s already"));
  EXPECT_EQ(refusal(kWebhook, {{"id", "nonsense"}}), "No pipeline found");
  EXPECT_EQ(refusal(kWebhook, {{"id", wire::graphql_id("Pipeline", Uuid::make())}}),
            "No pipeline found");
}

TEST_F(Graphql, HasNoTeams) {
  make_pipeline("p");
  const json none = {{"edges", json::array()},
                     {"pageInfo", {{"hasNextPage", false}, {"endCursor", nullptr}}}};
  EXPECT_EQ(ask(kTeams, {{"slug", "ostler/p"}}).at("data").at("pipeline").at("teams"), none);
  for (const char* slug : {"ostler/q", "other/p", "p", ""}) {
    EXPECT_EQ(ask(kTeams, {{"slug", slug}}).at("data"), (json{{"pipeline", nullptr}})) << slug;
  }
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
