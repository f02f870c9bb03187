// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;

class RestRetries : public RestFixture {
 protected:
  JobId job(std::size_t number = 0) {
    return *JobId::parse(build().at("jobs").at(number).at("id").get<std::string>());
  }
  json build(const std::string& query = "") { return get(kBuild + query).json(); }
  Reply retry(JobId id) { return call("PUT", "/organizations/ostler/jobs/" + id.str() + "/retry"); }
  JobId fail() {
    const JobId id = job();
    start(agent_, id);
    finish(agent_, id, 1);
    return id;
  }

  const std::string kBuild = "/organizations/ostler/pipelines/p/builds/1";
  std::string slug_ = make_pipeline("p", "steps: [{command: a}, wait, {command: b}]");
  json made_ = make_build(slug_);
  store::RegisteredAgent agent_ = connect_agent();
};

TEST_F(RestRetries, AnswerWithTheNewJob) {
  const JobId failed = fail();
  EXPECT_EQ(build().at("state"), "failed");
  listener_.runnable.clear();
  const Reply reply = retry(failed);
  EXPECT_EQ(reply.status, 200);
  const json made = reply.json();
  EXPECT_NE(made.at("id"), failed.str());
  EXPECT_EQ(made.at("state"), "scheduled");
  EXPECT_EQ(made.at("retries_count"), 1);
  EXPECT_EQ(made.at("retried"), false);
  EXPECT_EQ(made.at("retry_type"), nullptr);
  EXPECT_EQ(made.at("retry_source"), json({{"job_id", failed.str()}, {"retry_type", "manual"}}));
  EXPECT_EQ(listener_.runnable.size(), 1u);
  const json old = get("/organizations/ostler/jobs/" + failed.str()).json();
  EXPECT_EQ(old.at("retried"), true);
  EXPECT_EQ(old.at("retried_in_job_id"), made.at("id"));
  EXPECT_EQ(old.at("retry_type"), "manual");
  EXPECT_EQ(old.at("retries_count"), nullptr);
  EXPECT_TRUE(old.at("retried_by").at("name").is_string());
}

TEST_F(RestRetries, ShowTheLastAttemptsUnlessAllAreAskedFor) {
  const JobId failed = fail();
  const json made = retry(failed).json();
  EXPECT_EQ(build().at("state"), "running");
  EXPECT_EQ(build().at("finished_at"), nullptr);
  EXPECT_EQ(build().at("jobs").size(), 3u);
  EXPECT_EQ(build().at("jobs")[0].at("id"), made.at("id"));
  EXPECT_EQ(build().at("job_state_counts").at("total"), 3);
  const json all = build("?include_retried_jobs=true").at("jobs");
  EXPECT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].at("id"), failed.str());
  EXPECT_EQ(
      get("/organizations/ostler/builds?include_retried_jobs=true").json()[0].at("jobs").size(),
      4u);
}

TEST_F(RestRetries, AreRefusedInTheWordsOfTheApi) {
  EXPECT_EQ(retry(job()).status, 400);
  EXPECT_EQ(retry(job()).message(), "Only failed, timed out or canceled jobs can be retried");
  const JobId failed = fail();
  retry(failed);
  EXPECT_EQ(retry(failed).status, 422);
  EXPECT_EQ(retry(JobId::make()).body, R"({"message":"No job found"})");
  const auto prospect = [this](JobId id) {
    return get("/organizations/ostler/jobs/" + id.str() + "/why").json().at("retry");
  };
  EXPECT_EQ(prospect(failed).at("allowed"), false) << "it was retried";
  call("PUT", kBuild + "/cancel");
  EXPECT_EQ(prospect(job()).at("allowed"), false);
  EXPECT_EQ(retry(job()).status, 422);
  EXPECT_EQ(retry(job()).message(), "Jobs from canceled builds cannot be retried");
}

TEST_F(RestRetries, OfABuildSayHowManyThereAre) {
  fail();
  const Reply none = call("PUT", kBuild + "/retry_failed_jobs", {{"states", "timed_out"}});
  EXPECT_EQ(none.status, 202);
  EXPECT_EQ(none.json().at("retried_jobs_count"), 0);
  const Reply bad = call("PUT", kBuild + "/retry_failed_jobs", {{"states", "failed,sad"}});
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(bad.message(),
            "Invalid states: sad. Valid states: canceled, expired, failed, soft_failed, timed_out");
  const Reply one = call("PUT", kBuild + "/retry_failed_jobs", json::object());
  EXPECT_EQ(one.json().at("retried_jobs_count"), 1);
  EXPECT_EQ(one.json().at("state"), "running");
}

TEST_F(RestRetries, WantTheScopeToWrite) {
  const JobId failed = fail();
  static_cast<void>(failed);
  open_store({"read_builds"});
  EXPECT_EQ(retry(JobId::make()).status, 403);
}

}  // namespace
}  // namespace ostler::rest_api
