// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class RestJobs : public RestFixture {
 protected:
  /// The path of the job beneath its build, and beneath the organization.
  std::vector<std::string> paths(const std::string& rest = "") const {
    return {"/organizations/ostler/pipelines/" + slug_ + "/builds/1/jobs/" + job_.str() + rest,
            "/organizations/ostler/jobs/" + job_.str() + rest};
  }
  std::string path(const std::string& rest) const { return paths(rest)[0]; }

  std::string slug_ = make_pipeline("p");
  JobId job_ = first_job(make_build(slug_, {{"env", {{"LEVEL", "3"}}}}));
  store::RegisteredAgent agent_ = connect_agent();
};

TEST_F(RestJobs, AreFoundByBothFamiliesOfPaths) {
  const json listed = get("/organizations/ostler/pipelines/p/builds/1").json().at("jobs")[0];
  for (const std::string& path : paths()) EXPECT_EQ(get(path).json(), listed) << path;
}

TEST_F(RestJobs, Answer404WhenTheyAreNotThere) {
  make_build(slug_);
  const std::string job = job_.str();
  for (const std::string& path :
       {std::string("/organizations/ostler/jobs/none"),
        std::string("/organizations/ostler/jobs/00000000-0000-0000-0000-000000000000"),
        "/organizations/ostler/pipelines/p/builds/2/jobs/" + job}) {
    EXPECT_EQ(get(path).body, R"({"message":"No job found"})") << path;
  }
}

TEST_F(RestJobs, ShowTheEnvironmentThatTheirAgentGets) {
  const json env = get(path("/env")).json().at("env");
  EXPECT_EQ(env.at("LEVEL"), "3");
  EXPECT_EQ(env.at("BUILDKITE_JOB_ID"), job_.str());
  EXPECT_EQ(env.at("BUILDKITE_COMMAND"), "make");
  const Reply text = get(paths("/env.txt")[1]);
  EXPECT_EQ(text.header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_THAT(text.body, HasSubstr("\nLEVEL=3\n"));
}

TEST_F(RestJobs, HaveTheNumberOfTheirBuildInVariablesOfTheConfiguration) {
  const std::string slug = make_pipeline(
      "numbered",
      "env: {A: 'a-$BUILDKITE_BUILD_NUMBER'}\n"
      "steps: [{command: x, env: {B: '${BUILDKITE_BUILD_NUMBER}b-$${BUILDKITE_BUILD_NUMBERS}'}}]");
  make_build(slug);
  const std::string job = first_job(make_build(slug)).str();
  const json env = get("/organizations/ostler/jobs/" + job + "/env").json().at("env");
  EXPECT_EQ(env.at("A"), "a-2");
  EXPECT_EQ(env.at("B"), "2b-${BUILDKITE_BUILD_NUMBERS}");
}

TEST_F(RestJobs, HaveAnEmptyLogBeforeTheyRun) {
  const json log = get(path("/log")).json();
  EXPECT_EQ(log.at("content"), "");
  EXPECT_EQ(log.at("size"), 0);
  EXPECT_EQ(log.at("url"), "http://hub/v2" + path("/log"));
  EXPECT_EQ(get(path("/log.txt")).body, "");
  EXPECT_EQ(get(path("/log.txt"), {{"Range", "bytes=-5"}}).status, 416);
}

TEST_F(RestJobs, GiveTheirLogInEveryForm) {
  start(agent_, job_);
  write_log(agent_, job_, "\x1b_bk;t=1000\a~~~ Run\r\nhello \xFF\n", 7);
  const std::string raw = "\x1b_bk;t=1000\a~~~ Run\r\nhello \xFF\n";
  for (const std::string& path : paths("/log")) {
    const json log = get(path).json();
    EXPECT_EQ(log.at("size"), raw.size());
    EXPECT_EQ(log.at("content"), "\x1b_bk;t=1000\a~~~ Run\r\nhello \xEF\xBF\xBD\n");
    EXPECT_EQ(log.at("header_times"), json({1'000'000'000}));
    EXPECT_EQ(get(path, {{"Accept", "text/plain"}}).body, raw);
    EXPECT_EQ(get(path + ".txt").body, raw);
  }
}

TEST_F(RestJobs, TellTheSizeOfTheirLog) {
  start(agent_, job_);
  write_log(agent_, job_, std::string(1000, 'x'));
  const Reply head = call("HEAD", path("/log"));
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Accept-Ranges"), "bytes");
}

TEST_F(RestJobs, GiveTheEndOfTheirLogOnly) {
  start(agent_, job_);
  write_log(agent_, job_, "0123456789");
  const Reply end = get(path("/log.txt"), {{"Range", "bytes=-4"}});
  EXPECT_EQ(end.status, 206);
  EXPECT_EQ(end.body, "6789");
  EXPECT_EQ(end.header("Content-Range"), "bytes 6-9/10");
  const Reply all = get(path("/log"), {{"Accept", "text/plain"}, {"Range", "bytes=-99"}});
  EXPECT_EQ(all.body, "0123456789");
  EXPECT_EQ(all.header("Content-Range"), "bytes 0-9/10");
  for (const char* range : {"bytes=0-5", "bytes=-0", "bytes=-1,-2"}) {
    EXPECT_EQ(get(path("/log.txt"), {{"Range", range}}).status, 400) << range;
  }
  EXPECT_EQ(get(path("/log"), {{"Range", "bytes=-4"}}).status, 400);
}

TEST_F(RestJobs, GiveLargeLogsWhole) {
  start(agent_, job_);
  std::string text;
  while (text.size() < 3u << 20) text += "line " + std::to_string(text.size()) + " \xE2\x9C\x93\n";
  write_log(agent_, job_, text);
  EXPECT_EQ(get(path("/log.txt")).body, text);
  EXPECT_EQ(get(path("/log")).json().at("content"), text);
  EXPECT_EQ(get(path("/log.txt"), {{"Range", "bytes=-1000000"}}).body,
            text.substr(text.size() - 1'000'000));
}

}  // namespace
}  // namespace ostler::rest_api
