// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class RestJobChanges : public RestFixture {
 protected:
  std::string path(JobId job, const std::string& more) const {
    return "/organizations/ostler/jobs/" + job.str() + more;
  }
  std::string path(const std::string& more) const { return path(job_, more); }
  std::vector<std::string> reasons(JobId job) {
    std::vector<std::string> texts;
    const json why = get(path(job, "/why")).json();
    for (const json& reason : why.at("reasons")) {
      texts.push_back(reason.at("message"));
    }
    return texts;
  }
  /// The n-th job of a new build of these steps.
  json build_of(const std::string& yaml) {
    return make_build(make_pipeline("q" + std::to_string(++count_), yaml));
  }
  json cancel(const json& build) {
    const Reply canceled =
        call("PUT", "/organizations/ostler/pipelines/q" + std::to_string(count_) + "/builds/" +
                        std::to_string(build.at("number").get<int>()) + "/cancel");
    EXPECT_EQ(canceled.status, 200) << canceled.body;
    return canceled.json();
  }
  static JobId job_at(const json& build, std::size_t n) {
    return *JobId::parse(build.at("jobs").at(n).at("id").get<std::string>());
  }
  static std::string id_of(const store::RegisteredAgent& agent) { return agent.agent.id.str(); }

  int count_ = 0;
  json build_ = make_build(make_pipeline("p"));
  JobId job_ = first_job(build_);
};

TEST_F(RestJobChanges, CancelOneJobAlone) {
  const json build = build_of("steps: [{command: a}, {command: b}]");
  const Reply canceled = call("PUT", path(job_at(build, 0), "/cancel"));
  EXPECT_EQ(canceled.status, 200) << canceled.body;
  EXPECT_EQ(canceled.json().at("state"), "canceled");
  EXPECT_EQ(get(path(job_at(build, 1), "")).json().at("state"), "scheduled");
  const Reply again = call("PUT", path(job_at(build, 0), "/cancel"));
  EXPECT_EQ(again.status, 422);
  EXPECT_THAT(again.message(), HasSubstr("canceled"));
}

TEST_F(RestJobChanges, AskTheAgentOfARunningJobToStopIt) {
  const auto agent = connect_agent();
  start(agent, job_);
  const std::string nested = "/organizations/ostler/pipelines/p/builds/1/jobs/" + job_.str();
  EXPECT_EQ(call("PUT", nested + "/cancel").json().at("state"), "canceling");
  EXPECT_THAT(listener_.canceling, ElementsAre(job_));
}

TEST_F(RestJobChanges, CancelNoWait) {
  const json build = build_of("steps: [{command: a}, wait, {command: b}]");
  EXPECT_EQ(call("PUT", path(job_at(build, 1), "/cancel")).status, 400);
}

TEST_F(RestJobChanges, MoveAJobBeforeOthers) {
  listener_.runnable.clear();
  const Reply moved = call("PUT", path("/reprioritize"), {{"priority", 7}});
  EXPECT_EQ(moved.status, 200) << moved.body;
  EXPECT_EQ(moved.json().at("priority"), json({{"number", 7}}));
  EXPECT_THAT(listener_.runnable, ElementsAre(job_)) << "it is offered in its new place";
  const Reply refused = call("PUT", path("/reprioritize"), {{"priority", "high"}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.message(), "Priority must be an integer");
  call("PUT", path("/cancel"));
  EXPECT_EQ(call("PUT", path("/reprioritize"), {{"priority", 1}}).status, 422);
}

TEST_F(RestJobChanges, DeleteALogOnceItsJobIsOver) {
  const auto agent = connect_agent();
  start(agent, job_);
  write_log(agent, job_, "the secret is 1234\n");
  EXPECT_EQ(call("DELETE", path("/log")).status, 422);
  finish(agent, job_, 0);
  EXPECT_EQ(call("DELETE", path("/log")).status, 204);
  EXPECT_EQ(get(path("/log")).json().at("content"), "");
  EXPECT_EQ(get(path("/log.txt")).body, "");
  EXPECT_EQ(run(store_->removed_blobs(std::nullopt, 10)).size(), 1u) << "its file goes too";
  EXPECT_EQ(call("DELETE", path("/log")).status, 204);
  EXPECT_EQ(get(path("")).json().at("state"), "passed");
}

TEST_F(RestJobChanges, ShowALogAsAPageInWhichNothingActs) {
  const auto agent = connect_agent();
  start(agent, job_);
  write_log(agent, job_,
            "\x1b_bk;t=1700000000000\a<script>alert(1)</script> \x1b[1;31mred\x1b[0m\r\n10%\r20%\n",
            5);
  for (const Reply& page : {get(path("/log"), {{"Accept", "text/html"}}), get(path("/log.html"))}) {
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(page.header("Content-Security-Policy"), "sandbox");
    EXPECT_EQ(page.header("X-Content-Type-Options"), "nosniff");
    EXPECT_THAT(page.body, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt; "
                                     "<span class=\"term-fg31 term-fg1\">red</span>\n20%\n"));
    EXPECT_THAT(page.body,
                HasSubstr("<time datetime=\"2023-11-14T22:13:20.000Z\">22:13:20</time>"));
  }
  EXPECT_EQ(get(path("/log.html"), {{"Range", "bytes=-4"}}).status, 400);
}

TEST_F(RestJobChanges, SayWhichJobsOfItsConcurrencyGroupAreInTheWay) {
  const std::string yaml =
      "steps: [{command: t}, wait, {command: d, label: deploy, concurrency: 1, "
      "concurrency_group: app/deploy}]";
  const json one = build_of(yaml);
  const json two = build_of(yaml);
  const auto agent = connect_agent();
  start(agent, job_at(two, 0));
  finish(agent, job_at(two, 0), 0);
  const JobId held_back = job_at(two, 2);
  EXPECT_THAT(reasons(held_back),
              ElementsAre("concurrency group \"app/deploy\" has room for one job like it; step "
                          "\"deploy\" of q1 #1 goes before it"));
  EXPECT_EQ(get(path(held_back, "")).json().at("state"), "scheduled") << "as other servers say";
  EXPECT_EQ(get(path(held_back, "")).json().at("runnable_at"), nullptr);
  start(agent, job_at(one, 0));
  finish(agent, job_at(one, 0), 0);
  EXPECT_THAT(reasons(held_back),
              ElementsAre("concurrency group \"app/deploy\" has room for one job like it, which "
                          "step \"deploy\" of q1 #1 takes"));
  EXPECT_EQ(get(path(held_back, "")).json().at("concurrency_wait_time_ms"), nullptr);
  clock_.at = clock_.at + std::chrono::milliseconds(1'500);
  start(agent, job_at(one, 2));
  finish(agent, job_at(one, 2), 0);
  EXPECT_EQ(get(path(held_back, "")).json().at("concurrency_wait_time_ms"), 1'500);
  EXPECT_EQ(get("/organizations/ostler/pipelines/q1").json().at("steps").at(2).at("concurrency"),
            1);
}

TEST_F(RestJobChanges, SayWhyAJobHasNoAgent) {
  EXPECT_THAT(reasons(job_), ElementsAre(HasSubstr("no agent of queue default is connected")));
  const auto agent = connect_agent();
  EXPECT_THAT(reasons(job_), ElementsAre(HasSubstr("builder-1 is free")));
  const JobId fussy =
      first_job(build_of("steps: [{command: a, agents: {gpu: 'true', os: linux}}]"));
  EXPECT_THAT(
      reasons(fussy),
      ElementsAre("no agent of queue default has gpu=true, os=linux; the nearest is "
                  "builder-1, which lacks gpu=true, os=linux; \"ostler agent start --endpoint "
                  "http://hub/v3 --build-path ~/builds --token TOKEN --queue default --tags "
                  "gpu=true,os=linux\" "
                  "starts one, \"ostler token create NAME\" makes a TOKEN"));
  call("PUT", "/organizations/ostler/agents/" + id_of(agent) + "/pause", {{"note", "disk"}});
  EXPECT_THAT(reasons(job_), ElementsAre(HasSubstr("builder-1 is paused (disk)")));
  call("PUT", "/organizations/ostler/agents/" + id_of(agent) + "/resume");
  start(agent, first_job(build_of("steps: [{command: b}]")));
  EXPECT_THAT(reasons(job_), ElementsAre(HasSubstr("builder-1 runs step \"b\" of q")));
}

TEST_F(RestJobChanges, SayThatAQueueIsPaused) {
  const std::string cluster = get("/organizations/ostler/clusters").json()[0].at("id");
  const std::string queues = "/organizations/ostler/clusters/" + cluster + "/queues";
  const std::string queue = get(queues).json()[0].at("id");
  call("POST", queues + "/" + queue + "/pause_dispatch", {{"note", "new disks"}});
  EXPECT_THAT(reasons(job_), ElementsAre(HasSubstr("queue default is paused (new disks)")));
}

TEST_F(RestJobChanges, SayWhichStepAJobWaitsForAlsoBehindAWait) {
  const json build = build_of(
      "steps:\n- {command: a, label: Alpha}\n- {command: b, key: b}\n- wait\n- {command: c}\n"
      "- {command: d, depends_on: b}\n");
  EXPECT_THAT(reasons(job_at(build, 3)),
              ElementsAre("it waits for step \"Alpha\", which waits for an agent",
                          "it waits for step \"b\", which waits for an agent"));
  EXPECT_THAT(reasons(job_at(build, 4)),
              ElementsAre("it waits for step \"b\", which waits for an agent"));
  const auto agent = connect_agent();
  start(agent, job_at(build, 0));
  finish(agent, job_at(build, 0), 1);
  EXPECT_THAT(reasons(job_at(build, 3)),
              testing::Contains("it never runs, for step \"Alpha\", which it depends on, failed "
                                "(exit status 1); \"ostler job retry " +
                                job_at(build, 0).str() + "\" tries that again"));
}

TEST_F(RestJobChanges, SayWhatBecameOfOtherJobs) {
  const auto agent = connect_agent();
  start(agent, job_);
  EXPECT_THAT(reasons(job_), ElementsAre("it runs, on builder-1"));
  finish(agent, job_, 0);
  EXPECT_THAT(reasons(job_), ElementsAre("it is over: passed"));
}

TEST_F(RestJobChanges, SayWhyAJobFailed) {
  const auto agent = connect_agent();
  start(agent, job_);
  finish(agent, job_, 3);
  EXPECT_THAT(reasons(job_), ElementsAre("it is over: failed, exit status 3; its log: ostler job "
                                         "log " +
                                         job_.str()));
}

TEST_F(RestJobChanges, NameNoRetryThatTheStepForbids) {
  const auto why_behind = [this](const std::string& retry) {
    const json build = build_of("steps:\n- {command: a, key: a, retry: {manual: {" + retry +
                                "}}}\n- {command: b, depends_on: a}\n");
    const auto agent = connect_agent();
    start(agent, job_at(build, 0));
    finish(agent, job_at(build, 0), 1);
    return reasons(job_at(build, 1));
  };
  const std::string why =
      "it never runs, for step \"a\", which it depends on, failed (exit status 1); manual retries "
      "of step \"a\" are off";
  EXPECT_THAT(why_behind("allowed: false"), ElementsAre(why));
  EXPECT_THAT(why_behind("allowed: false, reason: it pays out"),
              ElementsAre(why + ": it pays out"));
}

TEST_F(RestJobChanges, NameNoRetryInABuildThatWasCanceled) {
  const json build =
      build_of("steps:\n- {command: a, key: a}\n- {command: b, depends_on: a}\n- {command: c}\n");
  const auto agent = connect_agent();
  start(agent, job_at(build, 0));
  finish(agent, job_at(build, 0), 1);
  EXPECT_THAT(reasons(job_at(build, 1)), ElementsAre(HasSubstr("ostler job retry")));
  cancel(build);
  EXPECT_THAT(reasons(job_at(build, 1)),
              ElementsAre("it never runs, for step \"a\", which it depends on, failed (exit status "
                          "1)"));
}

TEST_F(RestJobChanges, NameNoRetryOfAnExpiredJobThatCannotBeRetried) {
  const json gated = build_of("steps: [{command: a}, {block: open, depends_on: []}]");
  clock_.at = clock_.at + std::chrono::hours(24 * 31);
  run(store_->sweep({.now = clock_.now()}));
  const std::string hint = "; \"ostler job retry " + job_.str() + "\" lets it wait again";
  EXPECT_THAT(reasons(job_), ElementsAre("no agent took it in time" + hint));
  call("PUT", path("/retry"));
  EXPECT_THAT(reasons(job_), ElementsAre("no agent took it in time"));
  cancel(gated);
  EXPECT_THAT(reasons(job_at(gated, 0)), ElementsAre("no agent took it in time"));
}

TEST_F(RestJobChanges, SayOfWhatEndedABuildThatItEndedTheBuild) {
  const json build = build_of("steps: [{command: a}, {command: b}]");
  call("PUT", path(job_at(build, 0), "/cancel"));
  EXPECT_THAT(reasons(job_at(build, 0)), ElementsAre("it is over: canceled"));
  const std::string reason = cancel(build).at("cancel_reason");
  EXPECT_THAT(reason, HasSubstr("canceled by "));
  for (const std::size_t n : {0u, 1u}) {
    EXPECT_THAT(reasons(job_at(build, n)), ElementsAre("it is over; its build was " + reason));
  }
}

}  // namespace
}  // namespace ostler::rest_api
