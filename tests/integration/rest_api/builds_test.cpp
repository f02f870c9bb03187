// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class RestBuilds : public RestFixture {
 protected:
  std::string path(const std::string& rest = "") const {
    return "/organizations/ostler/pipelines/" + slug_ + "/builds" + rest;
  }
  /// The numbers of the builds that a list has.
  std::vector<int> numbers(const std::string& query) {
    const Reply reply = get(path(query));
    EXPECT_EQ(reply.status, 200) << reply.body;
    std::vector<int> found;
    for (const json& build : reply.json()) found.push_back(build.at("number"));
    return found;
  }
  json build(int number, const std::string& query = "") {
    return get(path("/" + std::to_string(number) + query)).json();
  }

  std::string slug_ = make_pipeline(
      "p", "steps:\n  - label: One\n    command: make\n  - wait\n  - command: make two\n");
};

TEST_F(RestBuilds, AreRefusedWhileTheDiskIsNearlyFull) {
  space_.available = 49;
  clock_.at = clock_.at + std::chrono::seconds(1);
  const Reply refused = call("POST", path(), {{"commit", "HEAD"}, {"branch", "main"}});
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("Retry-After"), "60");
  EXPECT_THAT(refused.message(), HasSubstr("disk is nearly full"));
  space_.available = 50;
  clock_.at = clock_.at + std::chrono::seconds(1);
  EXPECT_EQ(make_build(slug_).at("number"), 1);
}

TEST_F(RestBuilds, LeaveOutWhatIsInPausedQueuesWhenAsked) {
  const std::string clusters = "/organizations/ostler/clusters";
  const std::string queues =
      clusters + "/" + get(clusters).json()[0].at("id").get<std::string>() + "/queues";
  const std::string mac = call("POST", queues, {{"key", "mac"}}).json().at("id");
  slug_ = make_pipeline("q", "steps: [{command: a, agents: {queue: mac}}]");
  make_build(slug_);
  const std::string only_mac = slug_;
  slug_ = make_pipeline("r", "steps: [{command: a}, {command: b, agents: {queue: mac}}, wait]");
  make_build(slug_);
  const std::string list = "/organizations/ostler/builds";
  const std::string without = list + "?include_paused=false";
  EXPECT_EQ(get(without).json(), get(list).json()) << "no queue is paused";

  EXPECT_EQ(call("POST", queues + "/" + mac + "/pause_dispatch").status, 200);
  EXPECT_EQ(get(list).json().size(), 2u);
  EXPECT_EQ(get(list + "?include_paused=true").json(), get(list).json());
  const json shown = get(without).json();
  ASSERT_EQ(shown.size(), 1u);
  EXPECT_EQ(shown[0].at("pipeline").at("slug"), slug_);
  ASSERT_EQ(shown[0].at("jobs").size(), 2u) << shown[0].at("jobs");
  EXPECT_EQ(shown[0].at("jobs")[0].at("command"), "a");
  EXPECT_EQ(shown[0].at("jobs")[1].at("type"), "waiter");
  EXPECT_EQ(
      get("/organizations/ostler/pipelines/" + only_mac + "/builds?include_paused=false").body,
      "[]");
  EXPECT_EQ(call("POST", queues + "/" + mac + "/resume_dispatch").status, 200);
  EXPECT_EQ(get(without).json().size(), 2u);
}

TEST_F(RestBuilds, SayThatThereIsNoTestEngineWhenAsked) {
  make_build(slug_);
  const json none = {{"runs", json::array()}};
  EXPECT_EQ(build(1, "?include_test_engine=true").at("test_engine"), none);
  EXPECT_EQ(get(path("?include_test_engine=true")).json()[0].at("test_engine"), none);
  EXPECT_FALSE(build(1).contains("test_engine"));
}

TEST_F(RestBuilds, LiveFromCreationToTheirEnd) {
  const json made = make_build(slug_, {{"message", "hello"},
                                       {"env", {{"A", "1"}}},
                                       {"meta_data", {{"release", true}}},
                                       {"author", json::object()},
                                       {"pull_request_id", 0}});
  EXPECT_EQ(made.at("number"), 1);
  EXPECT_EQ(made.at("state"), "scheduled");
  EXPECT_EQ(made.at("source"), "api");
  EXPECT_EQ(made.at("meta_data"), json({{"release", "true"}}));
  EXPECT_EQ(made.at("author"), nullptr);
  EXPECT_EQ(made.at("pull_request"), nullptr);
  EXPECT_EQ(made.at("pipeline").at("slug"), slug_);
  ASSERT_EQ(made.at("jobs").size(), 3u);
  EXPECT_EQ(made.at("jobs")[0].at("state"), "scheduled");
  EXPECT_EQ(made.at("jobs")[1].at("type"), "waiter");
  EXPECT_EQ(made.at("jobs")[2].at("state"), "waiting");
  const JobId first = first_job(made);
  EXPECT_THAT(listener_.runnable, ElementsAre(first));

  const auto agent = connect_agent();
  start(agent, first);
  const json running = build(1);
  EXPECT_EQ(running.at("state"), "running");
  EXPECT_EQ(running.at("jobs")[0].at("agent").at("name"), "builder-1");
  EXPECT_EQ(running.at("jobs")[0].at("agent").at("connection_state"), "connected");
  EXPECT_EQ(running.at("job_state_counts"),
            json({{"total", 3}, {"states", {{"running", 1}, {"waiting", 2}}}}));
  finish(agent, first, 0);
  const JobId second = *JobId::parse(running.at("jobs")[2].at("id").get<std::string>());
  start(agent, second);
  finish(agent, second, 3);
  const json done = build(1);
  EXPECT_EQ(done.at("state"), "failed");
  EXPECT_EQ(done.at("finished_at"), "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(done.at("jobs")[1].at("state"), "passed");
  EXPECT_EQ(done.at("jobs")[2].at("state"), "failed");
  EXPECT_EQ(done.at("jobs")[2].at("exit_status"), 3);
}

TEST_F(RestBuilds, LeaveOutWhatIsNotWanted) {
  make_build(slug_);
  const json bare = build(1, "?exclude_jobs=true&exclude_pipeline=True");
  EXPECT_FALSE(bare.contains("jobs"));
  EXPECT_FALSE(bare.contains("pipeline"));
  EXPECT_EQ(bare.at("job_state_counts").at("total"), 3);
  const json listed = get(path("?exclude_jobs=true")).json()[0];
  EXPECT_FALSE(listed.contains("jobs"));
  EXPECT_FALSE(listed.contains("job_state_counts"));
  EXPECT_TRUE(listed.contains("pipeline"));
  EXPECT_EQ(build(1, "?job_states[]=scheduled").at("jobs").size(), 1u);
}

TEST_F(RestBuilds, AreListedNewestFirstAndFiltered) {
  make_build(slug_, {{"branch", "main"}, {"commit", "aaa"}});
  clock_.at = clock_.at + std::chrono::hours(1);
  make_build(slug_, {{"branch", "feature/x"}, {"commit", "bbb"}, {"meta_data", {{"k", "v"}}}});
  clock_.at = clock_.at + std::chrono::hours(1);
  make_build(slug_, {{"branch", "main"}, {"commit", "ccc"}});
  call("PUT", path("/3/cancel"));

  EXPECT_THAT(numbers(""), ElementsAre(3, 2, 1));
  EXPECT_THAT(numbers("?branch=main"), ElementsAre(3, 1));
  EXPECT_THAT(numbers("?branch[]=main&branch[]=feature/*"), ElementsAre(3, 2, 1));
  EXPECT_THAT(numbers("?commit=bbb"), ElementsAre(2));
  EXPECT_THAT(numbers("?state=scheduled"), ElementsAre(2, 1));
  EXPECT_THAT(numbers("?state[]=canceled&state[]=passed"), ElementsAre(3));
  EXPECT_THAT(numbers("?state=finished"), ElementsAre(3));
  EXPECT_THAT(numbers("?state=blocked"), ElementsAre());
  EXPECT_THAT(numbers("?created_from=2026-01-02T04:04:05.678Z&created_to=2026-01-02T05:04:05.678Z"),
              ElementsAre(2));
  EXPECT_THAT(numbers("?created_from=2026-01-02T06:04:05%2B01:00"), ElementsAre(3));
  EXPECT_THAT(numbers("?finished_from=2026-01-02T05:00:00Z"), ElementsAre(3));
  EXPECT_THAT(numbers("?meta_data[k]=v"), ElementsAre(2));
  const std::string creator = get("/user").json().at("id");
  EXPECT_THAT(numbers("?creator=" + creator), ElementsAre(3, 2, 1));
  EXPECT_THAT(numbers("?page=2&per_page=2&include_retried_jobs=true"), ElementsAre(1));
}

TEST_F(RestBuilds, RefuseFiltersThatAreNone) {
  EXPECT_EQ(get(path("?state=done")).message(), "Invalid state: done");
  EXPECT_EQ(get(path("?created_from=yesterday")).status, 400);
  EXPECT_EQ(get(path("?creator=me")).status, 400);
  EXPECT_EQ(get(path("?page=5000")).status, 400);
}

TEST_F(RestBuilds, AreListedAcrossPipelines) {
  make_build(slug_);
  const auto other = make_pipeline("other");
  make_build(other);
  for (const char* list : {"/builds", "/organizations/ostler/builds"}) {
    const json builds = get(list).json();
    ASSERT_EQ(builds.size(), 2u) << list;
    EXPECT_EQ(builds[0].at("pipeline").at("slug"), other);
    EXPECT_EQ(builds[1].at("url"), "http://hub/v2" + path("/1"));
  }
}

TEST_F(RestBuilds, PageWithLinks) {
  for (int i = 0; i < 3; ++i) make_build(slug_);
  const Reply page = get(path("?per_page=1&branch=main"));
  EXPECT_EQ(page.header("Link"),
            "<http://hub/v2" + path("?per_page=1&branch=main&page=2") + ">; rel=\"next\"");
  EXPECT_EQ(get(path("?per_page=1&page=3")).json()[0].at("number"), 1);
}

TEST_F(RestBuilds, AreCanceledOnce) {
  make_build(slug_);
  const Reply canceled = call("PUT", path("/1/cancel"));
  EXPECT_EQ(canceled.status, 200);
  EXPECT_EQ(canceled.json().at("state"), "canceled");
  const Reply again = call("PUT", path("/1/cancel"));
  EXPECT_EQ(again.status, 422);
  EXPECT_THAT(again.message(), HasSubstr("build is canceled: it can no longer be canceled"));
}

TEST_F(RestBuilds, AreListedWithThousandsOfJobs) {
  const auto pipeline_of = [&](const std::string& name, int jobs) {
    return make_pipeline(
        name, "steps:\n  - command: make\n    parallelism: " + std::to_string(jobs) + "\n");
  };
  const std::string pipelines[] = {pipeline_of("wide", 700), pipeline_of("wider", 1'300),
                                   pipeline_of("narrow", 1)};
  for (int i = 0; i < 4; ++i) make_build(pipelines[i % 3]);
  make_build(pipelines[1]);
  const json listed = get("/organizations/ostler/builds").json();
  ASSERT_EQ(listed.size(), 5U);
  const std::size_t of[] = {1, 0, 2, 1, 0};
  const std::size_t jobs[] = {700, 1'300, 1};
  for (std::size_t i = 0; i < listed.size(); ++i) {
    EXPECT_EQ(listed[i].at("pipeline").at("slug"), pipelines[of[i]]) << i;
    EXPECT_EQ(listed[i].at("jobs").size(), jobs[of[i]]) << i;
  }
  EXPECT_EQ(get("/organizations/ostler/builds?branch=none").json(), json::array());
}

TEST_F(RestBuilds, CancelReachesTheAgentOfARunningJob) {
  const JobId job = first_job(make_build(slug_));
  start(connect_agent(), job);
  const Reply canceled = call("PUT", path("/1/cancel"));
  EXPECT_EQ(canceled.json().at("state"), "canceling");
  EXPECT_THAT(listener_.canceling, ElementsAre(job));
}

TEST_F(RestBuilds, RefuseWhatCannotBeBuilt) {
  const Reply missing = call("POST", path(), json::object());
  EXPECT_EQ(missing.status, 422);
  EXPECT_EQ(missing.json().at("errors"), json::parse(R"([{"field":"commit","code":"missing"},
                                                         {"field":"branch","code":"missing"}])"));
  const Reply nowhere = call("POST", "/organizations/ostler/pipelines/none/builds",
                             {{"commit", "a"}, {"branch", "b"}});
  EXPECT_EQ(nowhere.status, 404);
  EXPECT_THAT(listener_.runnable, ElementsAre());
}

TEST_F(RestBuilds, ShowInTheConfigurationAllThatOnlyTheHubFindsWrongWithIt) {
  make_pipeline("wrong",
                "steps:\n"
                "  - {command: make, agents: {queue: none}}\n"
                "  - command: make\n"
                "    agents:\n"
                "      queue: no\n");
  const Reply refused = call("POST", "/organizations/ostler/pipelines/wrong/builds",
                             {{"commit", "a"}, {"branch", "b"}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.message(),
            "pipeline.yml:2:29: queue \"none\" does not exist in the cluster; make it with "
            "\"ostler queue create none\", or use another one\n"
            "      - {command: make, agents: {queue: none}}\n"
            "                                ^\n"
            "pipeline.yml:5:7: queue \"no\" does not exist in the cluster; make it with \"ostler "
            "queue create no\", or use another one\n"
            "          queue: no\n"
            "          ^");
}

TEST_F(RestBuilds, KeepToTheBranchFilter) {
  const Reply made = call("POST", "/organizations/ostler/pipelines",
                          {{"name", "filtered"},
                           {"repository", "r"},
                           {"branch_configuration", "main !wip/*"},
                           {"configuration", "steps:\n  - command: make\n"}});
  ASSERT_EQ(made.status, 201);
  const std::string builds = "/organizations/ostler/pipelines/filtered/builds";
  const Reply refused = call("POST", builds, {{"commit", "a"}, {"branch", "topic"}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.message(),
            "Branch topic is excluded by the pipeline's branch filter: main !wip/*");
  EXPECT_EQ(call("POST", builds,
                 {{"commit", "a"}, {"branch", "topic"}, {"ignore_pipeline_branch_filters", true}})
                .status,
            201);
  EXPECT_EQ(
      call("POST", builds, {{"commit", "a"}, {"branch", "topic"}, {"pull_request_id", 7}}).status,
      201);
}

TEST_F(RestBuilds, AreFoundByNumberAndById) {
  const std::string id = make_build(slug_).at("id");
  EXPECT_EQ(get(path("/" + id)).json().at("number"), 1);
  for (const char* name : {"2", "0", "-1", "1x", "x", "99999999999999999999",
                           "00000000-0000-0000-0000-000000000000"}) {
    EXPECT_EQ(get(path("/" + std::string(name))).body, R"({"message":"Not Found"})") << name;
  }
  make_pipeline("other");
  EXPECT_EQ(get("/organizations/ostler/pipelines/other/builds/" + id).status, 404);
}

TEST_F(RestBuilds, AreFoundByIdAloneInTheirOrganization) {
  const json made = make_build(slug_);
  const std::string builds = "/organizations/ostler/builds/";
  const json found = get(builds + made.at("id").get<std::string>()).json();
  EXPECT_EQ(found.at("url"), made.at("url"));
  EXPECT_EQ(found.at("jobs").size(), 3u);
  for (const char* name : {"1", "x", "00000000-0000-0000-0000-000000000000"}) {
    EXPECT_EQ(get(builds + name).body, R"({"message":"Not Found"})") << name;
  }
}

/// The first eight digits of an id tell the time, in steps of 65.536 s. Waits for the next one when
/// this one is about to end.
void await_a_step_of_ids() {
  constexpr std::chrono::milliseconds kStep{1 << 16};
  constexpr std::chrono::seconds kRoom{5};
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  const auto left = kStep - since_epoch % kStep;
  if (left < kRoom) std::this_thread::sleep_for(left);
}

TEST_F(RestBuilds, AreFoundByTheBeginningOfTheirIds) {
  await_a_step_of_ids();
  const json one = make_build(slug_);
  const std::string id = one.at("id");
  const std::string builds = "/organizations/ostler/builds/";
  EXPECT_EQ(get(builds + id.substr(0, 8)).json().at("id"), id);
  EXPECT_EQ(get(builds + id.substr(0, 7)).status, 404);
  EXPECT_EQ(get(builds + "ffffffff").status, 404);
  const std::string job = one.at("jobs").at(0).at("id");
  const std::string jobs = "/organizations/ostler/jobs/";
  EXPECT_EQ(get(jobs + job.substr(0, 35)).json().at("id"), job);
  EXPECT_EQ(get(jobs + job.substr(0, 35) + "/log").status, 200);
  EXPECT_EQ(get(jobs + "ffffffff").json().at("message"), "No job found");
  const std::string below = "/organizations/ostler/pipelines/" + slug_ + "/builds/1/jobs/";
  EXPECT_EQ(get(below + job + "/log").status, 200);
  EXPECT_EQ(get(below + job.substr(0, 35) + "/log").json().at("message"), "No job found");
  const std::string other = make_build(slug_).at("id");
  const Reply several = get(builds + id.substr(0, 8));
  EXPECT_EQ(several.status, 422);
  EXPECT_EQ(several.message(), "several builds have ids that begin with " + id.substr(0, 8) +
                                   ": p/1 (" + id + "), p/2 (" + other + "); give more of the id");
  const Reply of_job = get(jobs + job.substr(0, 8));
  EXPECT_EQ(of_job.status, 422);
  EXPECT_THAT(of_job.message(), testing::AllOf(HasSubstr("several jobs"), HasSubstr(job),
                                               HasSubstr(" and more; give more of the id")))
      << "there are six";
}

}  // namespace
}  // namespace ostler::rest_api
