// SPDX-License-Identifier: Apache-2.0
#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;

class RestRebuilds : public RestFixture {
 protected:
  const std::string kBuilds = "/organizations/ostler/pipelines/p/builds";
  std::string slug_ = make_pipeline("p", "steps: [{command: \"echo $COLOR\"}]");
  json old_ =
      call("POST", kBuilds,
           {{"commit", "abc"}, {"branch", "b"}, {"message", "m"}, {"env", {{"COLOR", "red"}}}})
          .json();
};

TEST_F(RestRebuilds, MakeANewBuildOfTheSame) {
  const Reply reply = call("PUT", kBuilds + "/1/rebuild");
  EXPECT_EQ(reply.status, 200);
  const json made = reply.json();
  EXPECT_EQ(made.at("number"), 2);
  for (const char* key : {"commit", "branch", "message", "env"}) {
    EXPECT_EQ(made.at(key), old_.at(key)) << key;
  }
  EXPECT_EQ(made.at("source"), "api");
  EXPECT_EQ(made.at("jobs")[0].at("command"), "echo red");
  EXPECT_EQ(made.at("rebuilt_from"),
            json({{"id", old_.at("id")}, {"number", 1}, {"url", old_.at("url")}}));
  EXPECT_EQ(get(kBuilds + "/1").json().at("rebuilt_from"), nullptr);
}

TEST_F(RestRebuilds, AreRefusedWhereThePipelineSaysSo) {
  call("PATCH", "/organizations/ostler/pipelines/p", {{"allow_rebuilds", false}});
  const Reply refused = call("PUT", kBuilds + "/1/rebuild");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.message(),
            "The pipeline p does not allow rebuilds; make a new build of the same commit instead");
  EXPECT_EQ(call("PUT", kBuilds + "/7/rebuild").status, 404);
}

TEST_F(RestRebuilds, CountOnceForEachKey) {
  const auto ask = [&](const std::string& path, const std::string& key) {
    return send(
        "PUT", kBuilds + path,
        {{"Authorization", "Bearer " + tokens_.api_token.reveal()}, {"Idempotency-Key", key}});
  };
  const Reply first = ask("/1/rebuild", "k1");
  EXPECT_EQ(first.status, 200);
  const Reply again = ask("/1/rebuild", "k1");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.json().at("id"), first.json().at("id"));
  EXPECT_EQ(get(kBuilds).json().size(), 2u);
  EXPECT_EQ(ask("/2/rebuild", "k1").status, 422) << "the key is for the other build";
  EXPECT_EQ(ask("/1/rebuild", "k2").json().at("number"), 3);
  const Reply empty = ask("/1/rebuild", "");
  EXPECT_EQ(empty.status, 400) << "of a variable that nobody set";
  EXPECT_EQ(empty.message(), "Idempotency-Key must have 1 to 255 characters");
}

}  // namespace
}  // namespace ostler::rest_api
