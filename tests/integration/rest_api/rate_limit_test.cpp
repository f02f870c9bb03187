// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using testing::HasSubstr;

class RestRateLimit : public RestFixture {
 protected:
  RestRateLimit() { serve(3); }
  void pass(std::chrono::seconds time) { clock_.at = clock_.at + time; }
};

TEST_F(RestRateLimit, TellsHowMuchIsLeft) {
  const Reply first = get("/user");
  EXPECT_EQ(first.header("RateLimit-Scope"), "rest");
  EXPECT_EQ(first.header("RateLimit-Limit"), "3");
  EXPECT_EQ(first.header("RateLimit-Remaining"), "2");
  EXPECT_EQ(first.header("RateLimit-Reset"), "60");
  EXPECT_EQ(first.header("RateLimit-User-Scope"), "rest_user");
  EXPECT_EQ(first.header("RateLimit-User-Remaining"), "2");
  pass(std::chrono::seconds(20));
  EXPECT_EQ(get("/organizations/none").header("RateLimit-Remaining"), "1") << "errors count";
  const auto scopes = get("/organizations/ostler/rate_limit").json().at("scopes");
  EXPECT_EQ(scopes.at("rest").at("current"), 3);
  EXPECT_EQ(scopes.at("rest").at("reset"), 40);
  EXPECT_EQ(scopes.at("rest").at("enforced"), true);
  EXPECT_EQ(scopes.at("graphql").at("enforced"), false);
}

TEST_F(RestRateLimit, CountsWhatNobodyAnswers) {
  const Reply unknown = get("/nothing/here");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.header("RateLimit-Remaining"), "2");
  const Reply wrong = call("PATCH", "/organizations/ostler/builds");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("RateLimit-Remaining"), "1");
  EXPECT_EQ(get("/nothing/here").status, 404);
  EXPECT_EQ(get("/nothing/here").status, 429);
  EXPECT_EQ(send("GET", "/nothing/here", {}).status, 404) << "of nobody's";
}

TEST_F(RestRateLimit, RefusesMoreUntilTheMinuteIsOver) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get("/user").status, 200);
  const Reply refused = get("/user");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("RateLimit-Remaining"), "0");
  EXPECT_EQ(refused.header("Retry-After"), "60");
  EXPECT_THAT(refused.message(), HasSubstr("3 calls in a minute"));
  EXPECT_EQ(refused.json().at("scope"), "rest_user");
  EXPECT_EQ(refused.json().at("limit"), 3);
  EXPECT_EQ(refused.json().at("current"), 4);
  EXPECT_EQ(refused.json().at("reset"), 60);
  EXPECT_EQ(send("GET", "/meta", {}).status, 200) << "what needs no token is not counted";
  pass(std::chrono::seconds(60));
  EXPECT_EQ(get("/user").status, 200);
}

TEST_F(RestRateLimit, IsToldWithEveryAnswer) {
  for (const std::string path : {"/user", "/meta", "/nothing"}) {
    const Reply reply = send("GET", path, {});
    EXPECT_EQ(reply.header("RateLimit-Limit"), "3") << path << reply.status;
    EXPECT_EQ(reply.header("RateLimit-Remaining"), "3") << path;
    EXPECT_EQ(reply.header("RateLimit-Reset"), "60") << path;
  }
}

TEST_F(RestRateLimit, IsOffWhenItIsZero) {
  serve(0);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(get("/user").status, 200);
  EXPECT_EQ(get("/user").header("RateLimit-Limit"), "");
}

TEST_F(RestRateLimit, EndsATokenThatItsHolderGivesBack) {
  EXPECT_EQ(call("DELETE", "/access-token").status, 204);
  EXPECT_EQ(get("/user").status, 401);
}

}  // namespace
}  // namespace ostler::rest_api
