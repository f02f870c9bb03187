// SPDX-License-Identifier: Apache-2.0
#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;

class Members : public RestFixture {};

TEST_F(Members, AreTheUsersOfTheOrganization) {
  const json user = get("/user").json();
  const json member = {{"id", user.at("id")},
                       {"name", user.at("name")},
                       {"email", user.at("email")},
                       {"role", "admin"}};
  EXPECT_EQ(get("/organizations/ostler/members").json(), json::array({member}));
  EXPECT_EQ(get("/organizations/ostler/members?page=2").json(), json::array());
  EXPECT_EQ(get("/organizations/ostler/members/" + user.at("id").get<std::string>()).json(),
            member);
  EXPECT_EQ(get("/organizations/ostler/members/" + Uuid::make().str()).status, 404);
  EXPECT_EQ(get("/organizations/other/members").status, 404);
}

TEST_F(Members, AreNotChangedHere) {
  const std::string path =
      "/organizations/ostler/members/" + get("/user").json().at("id").get<std::string>();
  for (const char* method : {"PATCH", "DELETE"}) {
    const Reply refused = call(method, path, {{"role", "member"}});
    EXPECT_EQ(refused.status, 405);
    EXPECT_EQ(refused.header("Allow"), "GET, HEAD, OPTIONS");
  }
}

class RepositoryWebhook : public RestFixture {};

TEST_F(RepositoryWebhook, IsRefusedWithWhatComesInstead) {
  make_pipeline("p");
  const Reply refused = call("POST", "/organizations/ostler/pipelines/p/webhook");
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.message().find("`ostler pipeline update p --poll 60`"), std::string::npos)
      << refused.body;
  EXPECT_EQ(call("POST", "/organizations/ostler/pipelines/q/webhook").status, 404);
}

}  // namespace
}  // namespace ostler::rest_api
