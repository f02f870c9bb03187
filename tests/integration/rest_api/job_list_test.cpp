// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;
using testing::ElementsAre;

constexpr std::string_view kJobs = "/organizations/ostler/pipelines/p/builds/1/jobs";

/// One build with the jobs a, b, a wait, c, and one hundred and twenty of the step "many".
class RestJobList : public RestFixture {
 protected:
  std::vector<std::string> names(const json& page) const {
    std::vector<std::string> names;
    for (const json& job : page.at("items")) {
      names.push_back(job.at("name").is_null() ? job.at("type").get<std::string>()
                                               : job.at("name").get<std::string>());
    }
    return names;
  }
  json list(const std::string& query = "") {
    const Reply reply = get(std::string(kJobs) + query);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return reply.json();
  }
  /// What a client does with a link: it asks for that address.
  json follow(const json& page, const std::string& relation) {
    const std::string url = page.at("links").at(relation);
    EXPECT_TRUE(url.starts_with("http://hub/v2/")) << url;
    return get(url.substr(std::string_view("http://hub/v2").size())).json();
  }
  int status(const std::string& query) { return get(std::string(kJobs) + query).status; }

  std::string slug_ = make_pipeline(
      "p",
      "steps:\n  - {label: a, command: make, key: a}\n"
      "  - {group: G, key: g, steps: [{label: b, command: make}]}\n  - wait\n"
      "  - {label: c, command: make}\n"
      "  - {label: 'many %N', command: make, key: many, parallelism: 120}\n");
  json build_ = make_build(slug_);
};

TEST_F(RestJobList, GoesForwardThroughAllJobsWithoutLossOrRepetition) {
  std::vector<std::string> ids;
  json page = list("?per_page=50");
  EXPECT_FALSE(page.at("links").contains("prev"));
  for (;;) {
    for (const json& job : page.at("items")) ids.push_back(job.at("id"));
    if (!page.at("links").contains("next")) break;
    ASSERT_EQ(page.at("items").size(), 50u);
    page = follow(page, "next");
  }
  std::vector<std::string> expected;
  for (const json& job : build_.at("jobs")) expected.push_back(job.at("id"));
  EXPECT_EQ(ids, expected);
  EXPECT_EQ(ids.size(), 124u);
}

TEST_F(RestJobList, GoesBackThroughTheSamePages) {
  const json first = list("?per_page=2");
  EXPECT_THAT(names(first), ElementsAre("a", "b"));
  const json second = follow(first, "next");
  EXPECT_THAT(names(second), ElementsAre("waiter", "c"));
  const json back = follow(second, "prev");
  EXPECT_EQ(back.at("items"), first.at("items"));
  EXPECT_FALSE(back.at("links").contains("prev"));
  EXPECT_EQ(follow(back, "next").at("items"), second.at("items"));
  EXPECT_EQ(follow(second, "first").at("items"), first.at("items"));
  EXPECT_EQ(follow(second, "self").at("items"), second.at("items"));
}

TEST_F(RestJobList, HasTheObjectsThatTheBuildHas) {
  const json shown = get("/organizations/ostler/pipelines/p/builds/1").json().at("jobs");
  EXPECT_EQ(list("?per_page=1").at("items")[0], shown[0]);
}

TEST_F(RestJobList, FiltersAndKeepsTheFilterInItsLinks) {
  EXPECT_THAT(names(list("?step_key=a")), ElementsAre("a"));
  EXPECT_THAT(names(list("?step_key=none")), ElementsAre());
  EXPECT_THAT(names(list("?group_key=none")), ElementsAre());
  EXPECT_THAT(names(list("?group_key=g")), ElementsAre("b"));
  const json page = list("?state[]=waiting&step_key=many&per_page=1");
  EXPECT_THAT(names(page), ElementsAre("many 1"));
  EXPECT_THAT(names(follow(page, "next")), ElementsAre("many 2"));
  EXPECT_THAT(names(list("?state=scheduled")), ElementsAre("a", "b"));
  EXPECT_THAT(names(list("?state[]=passed&state[]=running")), ElementsAre());
}

TEST_F(RestJobList, TellsPassedFromFailedAndCountsEarlierAttempts) {
  const auto agent = connect_agent();
  const JobId job = first_job(build_);
  start(agent, job);
  finish(agent, job, 1);
  EXPECT_THAT(names(list("?state[]=failed")), ElementsAre("a"));
  EXPECT_THAT(names(list("?state[]=passed")), ElementsAre());
  ASSERT_EQ(call("PUT", "/organizations/ostler/jobs/" + job.str() + "/retry").status, 200);
  EXPECT_THAT(names(list("?step_key=a")), ElementsAre("a", "a"));
  const json last = list("?step_key=a&include_retried_jobs=false");
  ASSERT_EQ(last.at("items").size(), 1u);
  EXPECT_NE(last.at("items")[0].at("id"), job.str());
}

TEST_F(RestJobList, RefusesWhatItCannotRead) {
  make_build(slug_);
  const std::string other =
      get("/organizations/ostler/pipelines/p/builds/2").json().at("jobs")[0].at("id");
  const std::string own = first_job(build_).str();
  for (const std::string& query :
       {std::string("?state[]=finished"), std::string("?state=nonsense"),
        std::string("?per_page=0"), std::string("?per_page=101"), std::string("?per_page=x"),
        std::string("?after=x"), std::string("?before=00000000-0000-0000-0000-000000000000"),
        "?after=" + other, "?after=" + own + "&before=" + own}) {
    EXPECT_EQ(status(query), 400) << query;
  }
  EXPECT_EQ(status("?page=0"), 200) << "some clients always send it";
}

TEST_F(RestJobList, ABuildShowsTheJobsOfSomeStates) {
  const std::string build = "/organizations/ostler/pipelines/p/builds/1";
  const json some = get(build + "?job_states[]=scheduled").json();
  EXPECT_EQ(some.at("jobs").size(), 2u);
  EXPECT_EQ(some.at("job_state_counts").at("total"), 124);
  EXPECT_EQ(get(build + "?job_states[]=nonsense").status, 400);
}

}  // namespace
}  // namespace ostler::rest_api
