// SPDX-License-Identifier: Apache-2.0
#include "daemon/api_proxy.hpp"

#include <gtest/gtest.h>

namespace ostler::daemon {
namespace {

constexpr auto kJob = "0198b000-0000-4000-8000-00000000000a";
constexpr auto kBuild = "0198aff0-0000-4000-8000-000000000001";

bool allowed(const std::string& method, const std::string& path) {
  return may_call(method, path, kJob, kBuild);
}

TEST(MayCall, AllowsTheJobItsBuildAndSteps) {
  const std::string job(kJob);
  const std::string build(kBuild);
  EXPECT_TRUE(allowed("GET", "jobs/" + job));
  EXPECT_TRUE(allowed("POST", "jobs/" + job + "/data/set"));
  EXPECT_TRUE(allowed("DELETE", "jobs/" + job + "/annotations/a%2Eb?scope=build"));
  EXPECT_TRUE(allowed("GET", "builds/" + build + "/artifacts/search?query=a/../b"));
  EXPECT_TRUE(allowed("POST", "steps/key/export"));
  for (const char* path : {"pause", "resume", "stop"}) EXPECT_TRUE(allowed("POST", path)) << path;
}

TEST(MayCall, AllowsToReadOtherBuilds) {
  EXPECT_TRUE(allowed("GET", "builds/other/artifacts/search?query=a"));
  for (const std::string word : {"get", "exists", "keys"}) {
    EXPECT_TRUE(allowed("POST", "builds/other/data/" + word)) << word;
  }
  EXPECT_FALSE(allowed("POST", "builds/other/data/set"));
  EXPECT_FALSE(allowed("POST", "builds/other/cancel"));
  EXPECT_FALSE(allowed("GET", "builds/other/../x/search"));
}

TEST(MayCall, AllowsCaches) {
  for (const std::string word : {"peek", "retrieve", "expire"}) {
    EXPECT_TRUE(allowed("POST", "cache_registries/~/" + word)) << word;
  }
  EXPECT_TRUE(allowed("PUT", "cache_registries/~/store"));
  EXPECT_TRUE(allowed("PUT", "cache_registries/~/commit"));
  EXPECT_FALSE(allowed("DELETE", "cache_registries/~/expire"));
  EXPECT_FALSE(allowed("POST", "cache_registries/~/store"));
  EXPECT_FALSE(allowed("POST", "cache_registries/../jobs/x"));
}

TEST(MayCall, RefusesEverythingElse) {
  const std::string job(kJob);
  for (const std::string& path :
       {std::string("jobs/0198b000-0000-4000-8000-00000000000b/finish"), "jobs/" + job + "b",
        std::string("jobs"), std::string("register"), std::string("heartbeat"), std::string(""),
        std::string("builds/other/artifacts/search"), "/jobs/" + job,
        "jobs/" + job + "/../other/finish", "jobs/" + job + "/%2e%2E/other/finish",
        "jobs/" + job + "/.%2e/x", "jobs/" + job + "//x", "jobs/" + job + "/a b",
        "jobs/" + job + "/a\r\nX: y", std::string("steps/../jobs/other")}) {
    EXPECT_FALSE(allowed("POST", path)) << path;
  }
  EXPECT_FALSE(allowed("CONNECT", "jobs/" + job));
  EXPECT_FALSE(allowed("GET", "stop"));
  EXPECT_FALSE(may_call("GET", "builds//artifacts", kJob, ""));
}

}  // namespace
}  // namespace ostler::daemon
