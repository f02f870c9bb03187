// SPDX-License-Identifier: Apache-2.0
// `ostler build show` of a build that failed, and the end of `ostler build watch` of one, from a
// hub whose every answer the test decides.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "support/child_program.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::ServerAnswer;
using support::ServerReply;
using support::ServerRequest;
using testing::ContainsRegex;
using testing::HasSubstr;

constexpr int kJobs = 12;

json failed_build() {
  json jobs = json::array();
  for (int i = 0; i < kJobs; ++i) {
    jobs.push_back({{"id", "job" + std::to_string(i)},
                    {"type", "script"},
                    {"name", "Job " + std::to_string(i)},
                    {"command", "make"},
                    {"agent", {{"name", "box-7"}}},
                    {"state", "failed"},
                    {"exit_status", 1}});
  }
  return {{"id", "b"},
          {"number", 1},
          {"state", "failed"},
          {"finished_at", "2024-01-01T00:00:00.000Z"},
          {"jobs", jobs}};
}

/// Its jobs wait for agents: the first ones for those of one queue, each other for its own.
json waiting_build(int of_one_queue) {
  json build = failed_build();
  build["state"] = "scheduled";
  build.erase("finished_at");
  int i = 0;
  for (json& job : build["jobs"]) {
    job["state"] = "scheduled";
    job["runnable_at"] = "2024-01-01T00:00:00.000Z";
    job.erase("exit_status");
    const std::string queue = i < of_one_queue ? "one" : std::to_string(i);
    ++i;
    job["agent_query_rules"] = json::array({"queue=" + queue});
  }
  return build;
}

/// A full page of what a step has told, of its failure at last.
std::string page_of_events() {
  json page(100, {{"sequence", 1},
                  {"kind", "output"},
                  {"at", "2024-01-01T00:00:00.000Z"},
                  {"data", json::object()}});
  page.back()["kind"] = "result";
  page.back()["data"] = {{"outcome", "failed"}, {"message", "the bridge is out"}};
  return page.dump();
}

/// So long that its first 64 KiB from the end tell of no failure.
std::string log_of_many_artifacts() {
  std::string log =
      "~~~ Running commands\nno rule\n\U0001F6A8 Error: The command exited with status 1\n"
      "~~~ Uploading artifacts\n";
  for (int i = 0; i < 3'000; ++i) log += "Uploading artifact " + std::to_string(i) + " of many\n";
  return log;
}

class BuildShow : public testing::Test {
 protected:
  support::ProgramResult show() const { return build({"show"}); }
  support::ProgramResult watch(std::vector<std::string> flags = {}) const {
    flags.insert(flags.begin(), "watch");
    return build(flags);
  }
  int asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  int asked_for_log() {
    const std::lock_guard lock(mutex_);
    return asked_for_log_;
  }
  void expect_failure_without_log(const std::string& shown) const {
    EXPECT_THAT(shown, ContainsRegex("\nJob 0 failed: .*the bridge is out \\(exit status 1\\)\n"
                                     "command  make\nagent    box-7\n\n  \\[no log: the hub .*: "
                                     "not now\\]\n\nthe whole log: ostler job log "));
  }
  support::ProgramResult build(std::vector<std::string> words) const {
    words.insert(words.begin(), "build");
    return ostler(std::move(words));
  }
  support::ProgramResult ostler(std::vector<std::string> words) const {
    words.insert(words.begin(), support::ostler_program());
    words.emplace_back("app/1");
    return support::run_program(words, {.environment = {{"HOME", directory_.path().string()},
                                                        {"OSTLER_URL", server_.url()},
                                                        {"OSTLER_API_TOKEN", "token"},
                                                        {"OSTLER_ORGANIZATION", "acme"}},
                                        .directory = directory_.path()});
  }
  ServerReply end_of_log(const ServerRequest& request) {
    const std::lock_guard lock(mutex_);
    if (++asked_for_log_ > logs_given_) return log_refusal_;
    const std::string most = request.headers.at("range").substr(std::string("bytes=-").size());
    const std::size_t kept = std::min<std::size_t>(std::stoul(most), log_.size());
    return {.status = 206, .body = log_.substr(log_.size() - kept)};
  }
  ServerReply why() {
    const std::lock_guard lock(mutex_);
    if (++asked_ > answered_) return {503, R"({"message":"busy"})"};
    const std::string reason = "reason " + std::to_string(asked_);
    const json told = {{"retry", retry_},
                       {"job_id", "j"},
                       {"name", "n"},
                       {"state", asked_ > gone_on_ ? "scheduled" : "running"},
                       {"reasons", json::array({{{"type", "agent"}, {"message", reason}}})}};
    return {.body = told.dump()};
  }
  ServerReply answer(const ServerRequest& request) {
    const std::string& target = request.target;
    if (target.find("/events") != std::string::npos) {
      const std::lock_guard lock(mutex_);
      return ++asked_ > answered_ ? ServerReply{503, R"({"message":"busy"})"}
                                  : ServerReply{.body = page_of_events()};
    }
    if (target.ends_with("/why")) return why();
    if (target.find("/log") != std::string::npos) return end_of_log(request);
    return {.body = build_.dump()};
  }

  const support::TempDirectory directory_;
  json build_ = failed_build();
  std::string log_ = "the end of its log\n";
  json retry_;  ///< null: it does not say
  std::mutex mutex_;
  int gone_on_ = 0;         ///< of so many jobs that are asked after it says that they run
  int answered_ = 1'000;    ///< so many times it says what a job has told; guarded by mutex_
  int asked_ = 0;           ///< guarded by mutex_
  int logs_given_ = 1'000;  ///< so many times it gives the end of a log
  ServerReply log_refusal_{503, R"({"message":"not now"})"};
  int asked_for_log_ = 0;  ///< guarded by mutex_
  bool is_silent_ = false;
  support::ScriptedServer server_{
      [this](ServerRequest request) -> boost::asio::awaitable<ServerAnswer> {
        if (is_silent_) co_return support::SilentReply{};
        co_return answer(request);
      }};
};

TEST_F(BuildShow, ShowsTheBuildWhenTheHubDoesNotSayWhatStepsHaveTold) {
  answered_ = 0;
  const auto shown = show();
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("Job 11"));
  EXPECT_THAT(shown.out, HasSubstr("Job 0 failed"));
  EXPECT_THAT(shown.out, HasSubstr("the end of its log"));
  EXPECT_EQ(asked(), 1) << "of a hub that does not answer no more is asked";
}

TEST_F(BuildShow, AsksOnePageForARowAndAllForTheFirstFailure) {
  const auto shown = show();
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("the bridge is out"));
  EXPECT_EQ(asked(), 20 + 9) << "of ten jobs";
}

TEST_F(BuildShow, KeepsTheWordsThatCameBeforeTheHubFellSilent) {
  answered_ = 1;
  const auto shown = show();
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("the bridge is out"));
  EXPECT_EQ(asked(), 2);
}

TEST_F(BuildShow, FindsTheFailureAboveTheUploadOfManyArtifacts) {
  log_ = log_of_many_artifacts();
  const auto shown = show();
  EXPECT_THAT(shown.out, HasSubstr("phase    Running commands"));
  EXPECT_THAT(shown.out, HasSubstr("\n  no rule\n\nthe whole log: "));
  EXPECT_THAT(shown.out, testing::Not(HasSubstr("of many")));
  EXPECT_EQ(asked_for_log(), 2);
}

TEST_F(BuildShow, KeepsTheEndOfTheLogWhenTheHubGivesNoMoreOfIt) {
  log_ = log_of_many_artifacts();
  logs_given_ = 1;
  const auto shown = show();
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, ContainsRegex("\nJob 0 failed: .*the bridge is out"));
  EXPECT_THAT(shown.out, HasSubstr("  Uploading artifact 2999 of many\n\nthe whole log: "));
  EXPECT_EQ(asked_for_log(), 2);
}

TEST_F(BuildShow, TellsOfTheFailureWithoutALogThatTheHubDoesNotGive) {
  logs_given_ = 0;
  for (const int status : {403, 429, 503}) {
    log_refusal_.status = status;
    const auto shown = show();
    EXPECT_EQ(shown.code, 0) << shown.err;
    expect_failure_without_log(shown.out);
  }
}

TEST_F(BuildShow, GoesOnToTheGatesWithoutALogThatTheHubDoesNotGive) {
  logs_given_ = 0;
  build_["state"] = "blocked";
  build_["jobs"].back() = {{"id", "gate"}, {"type", "manual"}, {"state", "blocked"}};
  build_.erase("finished_at");
  const auto shown = show();
  expect_failure_without_log(shown.out);
  EXPECT_THAT(shown.out, HasSubstr(" waits for a person: ostler job unblock gate\n"));
  const auto watched = watch({"--until-blocked"});
  EXPECT_EQ(watched.code, 3) << watched.err;
  EXPECT_THAT(watched.out, HasSubstr("\nJob 0 failed: "));
  EXPECT_THAT(watched.out, HasSubstr(" waits for a person: ostler job unblock gate\n"));
}

TEST_F(BuildShow, EndsAWatchWithItsVerdictWithoutALogThatTheHubDoesNotGive) {
  logs_given_ = 0;
  log_refusal_.status = 403;
  const auto watched = watch();
  EXPECT_EQ(watched.code, 1) << watched.err;
  EXPECT_EQ(watched.err, "");
  expect_failure_without_log(watched.out);
}

TEST_F(BuildShow, AsksForNoLogOfAJobThatNoAgentTook) {
  logs_given_ = 0;
  build_["jobs"] = json::array({build_["jobs"][0]});
  build_["jobs"][0]["state"] = "expired";
  const auto shown = show();
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("\nJob 0 failed: no agent took it in time\n"));
  EXPECT_EQ(asked_for_log(), 0);
  EXPECT_EQ(asked(), 1) << "nor for what it has told, but whether it may be retried";
  EXPECT_THAT(shown.out, HasSubstr("\nto try again: ostler job retry "));
}

TEST_F(BuildShow, SuggestsNoRetryThatTheHubWouldRefuse) {
  build_["jobs"] = json::array({build_["jobs"][0]});
  build_["jobs"][0]["end_cause"] = "agent_lost";
  retry_ = {{"allowed", false}, {"reason", "ask Ann\x1b[2J first"}};
  EXPECT_THAT(show().out, ContainsRegex("\nthe whole log: .*\nmanual retries are off: "
                                        "ask Ann\\[2J first\nto try again: ostler build rebuild "));
  retry_["reason"] = nullptr;
  EXPECT_THAT(show().out,
              ContainsRegex("\nthe whole log: .*\nto try again: ostler build rebuild "));
}

TEST_F(BuildShow, AsksOnceWhyJobsThatWaitForTheSameAgentsDoNotRun) {
  build_ = waiting_build(kJobs - 1);
  const auto shown = show();
  EXPECT_THAT(shown.out, HasSubstr("\nJob 0 and 10 like it do not run: reason 1\n"
                                   "Job 11 does not run: reason 2\n"));
  EXPECT_THAT(shown.out, testing::Not(HasSubstr("more do not run")));
  EXPECT_EQ(asked(), 2);
}

TEST_F(BuildShow, TellsAJobThatItsConcurrencyGroupHoldsBackFromThoseThatWaitForAgents) {
  build_ = waiting_build(kJobs);
  build_["jobs"][0]["runnable_at"] = nullptr;
  EXPECT_THAT(show().out, HasSubstr("\nJob 0 does not run: reason 1\n"
                                    "Job 1 and 10 like it do not run: reason 2\n"));
}

TEST_F(BuildShow, CountsTheJobsThatItHasNotAskedAfter) {
  build_ = waiting_build(2);
  EXPECT_THAT(show().out, HasSubstr("\nJob 5 does not run: reason 5\nwhy 6 more do not run: "));
  EXPECT_EQ(asked(), 5);
}

TEST_F(BuildShow, CountsTheJobsOfWhichTheHubDidNotSayWhyTheyDoNotRun) {
  build_ = waiting_build(2);
  answered_ = 2;
  EXPECT_THAT(show().out, HasSubstr("\nJob 2 does not run: reason 2\nwhy 9 more do not run: "));
  EXPECT_EQ(asked(), 3) << "of a hub that does not answer no more is asked";
}

TEST_F(BuildShow, DoesNotSayThatAJobWaitsThatHasGoneOn) {
  build_ = waiting_build(2);
  gone_on_ = 1;
  EXPECT_THAT(show().out, HasSubstr("\n\nJob 2 does not run: reason 2\n"));
}

TEST_F(BuildShow, ExplainsOtherJobsByNoneThatHasGoneOn) {
  build_ = waiting_build(3);
  gone_on_ = 1;
  const auto why = ostler({"job", "why"});
  EXPECT_THAT(why.out, testing::StartsWith("Job 0  running\n  reason 1\n"
                                           "Job 1  scheduled\nJob 2  scheduled\n  reason 2\n"
                                           "Job 3  scheduled\n  reason 3\n"));
  gone_on_ = asked() + 1;
  std::istringstream answers(ostler({"job", "why", "--json"}).out);
  std::vector<std::string> states;
  for (std::string line; states.size() < 3 && std::getline(answers, line);) {
    states.push_back(json::parse(line)["state"]);
  }
  EXPECT_EQ(states, (std::vector<std::string>{"running", "scheduled", "scheduled"}));
}

/// Shells expand what they are offered.
TEST_F(BuildShow, OffersShellsNoWordOfAHubThatTheyWouldRun) {
  build_ = json::array();
  for (const char* slug : {"$(touch owned)", "app", "`id`", "--flag", "a b", "tool-1.2"}) {
    build_.push_back({{"slug", slug}});
  }
  const auto offered = ostler({"complete", "--", "build", "list", "--pipeline"});
  EXPECT_EQ(offered.out, "app\ntool-1.2\n") << offered.err;
}

TEST_F(BuildShow, WaitsForNoHubThatDoesNotAnswerAShell) {
  is_silent_ = true;
  const auto begin = std::chrono::steady_clock::now();
  const auto offered = ostler({"complete", "--", "build", "list", "--pipeline"});
  EXPECT_EQ(offered.code, 0);
  EXPECT_EQ(offered.out + offered.err, "");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST_F(BuildShow, FindsWhereMemoryRanOutAboveTheUploadOfArtifacts) {
  build_["jobs"][0]["end_cause"] = "out_of_memory";
  log_ =
      "~~~ Running commands\ncc1: killed\n\U0001F6A8 Error: The command exited with status 1\n"
      "~~~ Uploading artifacts\n";
  for (int i = 0; i < 30; ++i) log_ += "Uploading artifact " + std::to_string(i) + " of many\n";
  const auto shown = show();
  EXPECT_THAT(shown.out, HasSubstr("Job 0 failed: out of memory"));
  EXPECT_THAT(shown.out, HasSubstr("\n  cc1: killed\n\nthe whole log: "));
  EXPECT_THAT(shown.out, testing::Not(HasSubstr("of many")));
}

}  // namespace
}  // namespace ostler
