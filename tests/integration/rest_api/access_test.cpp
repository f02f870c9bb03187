// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using testing::HasSubstr;

class RestAccess : public RestFixture {};

TEST_F(RestAccess, SaysHowToGiveAToken) {
  const Reply reply = send("GET", "/user", {});
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(reply.message(),
            "Authentication required: send a valid API token as \"Authorization: Bearer <token>\"");
  EXPECT_EQ(reply.header("WWW-Authenticate"), "Bearer");
}

TEST_F(RestAccess, WantsTheTokenInTheFormOfABearer) {
  const std::string token = tokens_.api_token.reveal();
  EXPECT_EQ(send("GET", "/user", {{"Authorization", "Token " + token}}).status, 401);
  EXPECT_EQ(send("GET", "/user", {{"Authorization", "Bearer"}}).status, 401);
  EXPECT_EQ(send("GET", "/user", {{"authorization", "bearer " + token}}).status, 200);
}

TEST_F(RestAccess, LetsAnyTokenReadItself) {
  open_store({});
  const auto token = get("/access-token").json();
  EXPECT_EQ(token.at("scopes"), nlohmann::json::array());
  EXPECT_EQ(token.at("created_at"), "2026-01-02 03:04:05 UTC");
  EXPECT_EQ(get("/organizations").status, 403);
}

TEST_F(RestAccess, TellsWhenATokenExpires) {
  EXPECT_EQ(get("/access-token").json().at("expires_at"), nullptr);
  const auto organization = run(store_->organization_by_slug("ostler"));
  const Secret token =
      run(store_->create_api_token({.organization = organization.id,
                                    .expires_at = clock_.now() + std::chrono::hours(1),
                                    .now = clock_.now()}));
  const Reply reply = send("GET", "/access-token", {{"Authorization", "Bearer " + token.reveal()}});
  EXPECT_EQ(reply.json().at("expires_at"), "2026-01-02 04:04:05 UTC");
}

TEST_F(RestAccess, AnswersUnknownPathsAndMethodsInJson) {
  const Reply missing = get("/organizations/ostler/nothing");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.body, R"({"message":"Not Found"})");
  EXPECT_EQ(get("/organizations/other/pipelines").body, R"({"message":"No organization found"})");
  const Reply other = call("DELETE", "/organizations/ostler/pipelines");
  EXPECT_EQ(other.status, 405);
  EXPECT_EQ(other.header("Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_THAT(other.message(), HasSubstr("Method Not Allowed"));
}

TEST_F(RestAccess, KnowsNothingOfTheCallsThatClientsHaveFromTheFirstVersion) {
  EXPECT_EQ(call("POST", "/organizations/ostler/agents").status, 404);
  EXPECT_EQ(call("DELETE", "/organizations/ostler/agents/some").status, 404);
  EXPECT_EQ(call("PATCH", "/organizations/ostler/agents").status, 405);
}

TEST_F(RestAccess, HidesOtherOrganizations) {
  EXPECT_EQ(get("/organizations/else/pipelines").status, 404);
  EXPECT_EQ(get("/organizations/else").status, 404);
}

TEST_F(RestAccess, AcceptsTrailingSlashesAndStrayPaging) {
  EXPECT_EQ(get("/organizations/").status, 200);
  EXPECT_EQ(get("/organizations/ostler/pipelines/?page=0&per_page=100").status, 200);
  const auto slug = make_pipeline("p");
  EXPECT_EQ(call("POST", "/organizations/ostler/pipelines/" + slug + "/builds/?page=0&per_page=100",
                 {{"commit", "a"}, {"branch", "b"}})
                .status,
            201);
}

TEST_F(RestAccess, LetsPagesOfOtherOriginsRead) {
  const Reply reply = get("/organizations");
  EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(reply.header("Access-Control-Expose-Headers"), "Link, Ostler-Last-Event-Id");
  EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff");
  const Reply preflight = send("OPTIONS", "/organizations/ostler/pipelines", {});
  EXPECT_EQ(preflight.status, 204);
  EXPECT_THAT(preflight.header("Access-Control-Allow-Headers"), HasSubstr("Authorization"));
  EXPECT_EQ(send("OPTIONS", "/nothing", {}).status, 404);
}

TEST_F(RestAccess, SaysWhereABodyIsNoJson) {
  const Reply reply = send("POST", "/organizations/ostler/pipelines",
                           {{"Authorization", "Bearer " + tokens_.api_token.reveal()}}, "{\"a\":}");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.message(), HasSubstr("byte 6"));
}

TEST_F(RestAccess, AnswersTheBootstrapEndpoints) {
  EXPECT_EQ(send("GET", "/meta", {}).body, R"({"webhook_ips":[]})");
  EXPECT_EQ(get("/user").json().at("created_at"), "2026-01-02T03:04:05.678Z");
  const auto organizations = get("/organizations").json();
  ASSERT_EQ(organizations.size(), 1u);
  EXPECT_EQ(organizations[0].at("slug"), "ostler");
  EXPECT_EQ(organizations[0], get("/organizations/ostler").json());
  EXPECT_EQ(get("/organizations?page=2").body, "[]");
  EXPECT_EQ(get("/organizations/ostler/emojis").body, "[]");
}

TEST_F(RestAccess, ListsTheDefaultClusterAndItsQueue) {
  const auto clusters = get("/organizations/ostler/clusters").json();
  ASSERT_EQ(clusters.size(), 1u);
  EXPECT_EQ(clusters[0].at("name"), "Default");
  EXPECT_EQ(clusters[0].at("created_at"), "2026-01-02T03:04:05.678Z");
  const std::string base =
      "/organizations/ostler/clusters/" + clusters[0].at("id").get<std::string>();
  EXPECT_EQ(get(base).json(), clusters[0]);
  const auto queues = get(base + "/queues").json();
  ASSERT_EQ(queues.size(), 1u);
  EXPECT_EQ(queues[0].at("key"), "default");
  EXPECT_EQ(queues[0].at("id"), clusters[0].at("default_queue_id"));
  EXPECT_EQ(get(base + "/queues/" + queues[0].at("id").get<std::string>()).json(), queues[0]);
  EXPECT_EQ(get("/organizations/ostler/clusters/none").status, 404);
  EXPECT_EQ(get("/organizations/ostler/clusters/none/queues").status, 404);
  EXPECT_EQ(get(base + "/queues/none").status, 404);
}

}  // namespace
}  // namespace ostler::rest_api
