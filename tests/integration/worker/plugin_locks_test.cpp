// SPDX-License-Identifier: Apache-2.0
// Locks that step plugins hold: real keepers, workers and boxes, a server of the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "integration/worker/plugin_jobs.hpp"
#include "wire/agent_api_plugin_locks.hpp"

namespace ostler::worker {
namespace {

using supervise::ApiReply;
using supervise::ApiRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using wire::LockAnswer;

class PluginLocks : public PluginJobs {
 protected:
  PluginLocks() { permit(R"({"services": ["lock"], "secrets": ["KEY"]})"); }

  std::unique_ptr<DrivenJob> calls(const std::string& script, const std::string& server = "lock") {
    auto driven = job("", {{"OSTLER_SERVER_SERVICES", server},
                           {"BUILDKITE_PLUGINS", R"([{"ostler://zoo#1": {"do": "call", "path": ")" +
                                                     script + R"("}}])"}});
    driven->answer_with([this](const ApiRequest& request) { return answer(request); });
    return driven;
  }
  /// Statuses and values of the calls of a script, as the plugin tells them.
  std::string said_by(const std::string& script, const std::string& server = "lock") {
    log_ = calls(script, server)->finish().text;
    constexpr std::string_view kBegin = "zoo#1.0.0 passed: ";
    const std::size_t begin = log_.find(kBegin);
    if (begin == log_.npos) return log_;
    const std::size_t from = begin + kBegin.size();
    return log_.substr(from, log_.find("\x1b[0m", from) - from);
  }
  ApiReply answer(const ApiRequest& request) {
    if (request.path.ends_with("/secrets?key=KEY")) {
      return {.status = 200, .body = R"({"key":"KEY","value":"a-thing-to-hide","uuid":"1"})"};
    }
    if (request.path.ends_with("/ostler/locks/leave")) {
      left_.push_back(wire::decode_lock_leave(request.body).value());
      if (std::exchange(refuses_leave_, false)) return {.status = 400, .body = "{}"};
      return {.status = 200, .body = "{}"};
    }
    const std::size_t take = request.path.find("/ostler/locks/take?wait=");
    if (take == request.path.npos) return {.status = 200};
    const auto wanted = wire::decode_lock_request(request.body).value();
    asked_.push_back(wanted.name + " " + request.path.substr(request.path.find('=') + 1));
    requests_.push_back(wanted.request);
    if (answers_.empty()) return {.status = 422, .body = R"({"message":"it holds it"})"};
    const LockAnswer next = answers_.front();
    if (answers_.size() > 1) answers_.pop_front();
    return {.status = 200, .body = wire::encode(next)};
  }

  /// The last one is given again and again.
  std::deque<LockAnswer> answers_ = {{.fence = 7}};
  std::vector<std::string> asked_;
  std::vector<std::string> requests_;
  std::vector<std::string> left_;
  bool refuses_leave_ = false;  ///< once
  std::string log_;
};

const LockAnswer kHeld{.holder = "https://ci/app/builds/3#job"};

TEST_F(PluginLocks, AreHeldUntilTheyAreReleased) {
  EXPECT_EQ(said_by(R"(ostler.lock/1/acquire|deploy-prod|-1\nostler.lock/1/release|deploy-prod\n)"
                    R"(ostler.lock/1/release|deploy-prod)"),
            "0 7; 0 ; 3 this job does not hold the lock deploy-prod");
  EXPECT_THAT(asked_, ElementsAre("deploy-prod 3"));
  EXPECT_EQ(left_, requests_) << "it is given back under the wish that it was got by";
}

TEST_F(PluginLocks, AreReleasedAgainWhenTheServerDidNotHearIt) {
  refuses_leave_ = true;
  EXPECT_THAT(said_by(R"(ostler.lock/1/acquire|deploy-prod|-1\nostler.lock/1/release|deploy-prod\n)"
                      R"(ostler.lock/1/release|deploy-prod\nostler.lock/1/release|deploy-prod)"),
              testing::MatchesRegex("0 7; [1-9] .*400.*; 0 ; 3 this job does not hold .*"));
  EXPECT_THAT(left_, ElementsAre(requests_.front(), requests_.front()));
}

TEST_F(PluginLocks, StayWithTheJobWhenThePluginIsOver) {
  EXPECT_EQ(said_by("ostler.lock/1/acquire|deploy-prod|-1"), "0 7");
  EXPECT_THAT(left_, IsEmpty());
}

TEST_F(PluginLocks, AreWaitedForAndTheLogSaysForWhom) {
  answers_ = {kHeld, kHeld, {.fence = 8}};
  EXPECT_EQ(said_by("ostler.lock/1/acquire|deploy-prod|-1"), "0 8");
  EXPECT_THAT(asked_, ElementsAre("deploy-prod 3", "deploy-prod 30", "deploy-prod 30"));
  EXPECT_EQ(requests_.front(), requests_.back()) << "one wish";
  const std::string line =
      "waits for the lock deploy-prod, held by job https://ci/app/builds/3#job";
  EXPECT_THAT(log_, HasSubstr(line));
  EXPECT_EQ(log_.find(line), log_.rfind(line)) << "once";
}

TEST_F(PluginLocks, AreNotWaitedForLongerThanThePluginSays) {
  answers_ = {kHeld};
  EXPECT_EQ(said_by("ostler.lock/1/acquire|deploy-prod|0"),
            "2 did not get the lock deploy-prod, held by job https://ci/app/builds/3#job");
  EXPECT_THAT(asked_, ElementsAre("deploy-prod 0"));
  EXPECT_EQ(left_, requests_);
  EXPECT_THAT(log_, Not(HasSubstr("waits for")));
}

TEST_F(PluginLocks, AreNotWaitedForAfterACancel) {
  answers_ = {kHeld};
  const auto driven = calls("ostler.lock/1/acquire|deploy-prod|-1");
  driven->answer_with([&](const ApiRequest& request) {
    if (request.path.find("/locks/take") != request.path.npos) {
      driven->cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(20));
    }
    return answer(request);
  });
  const FinishedJob job = driven->finish();
  EXPECT_THAT(job.text, HasSubstr("passed: 1 the job was cancelled"));
  ASSERT_FALSE(requests_.empty());
  EXPECT_THAT(left_, ElementsAre(requests_.front()));
}

TEST_F(PluginLocks, AreRefusedByNameWhereTheServerKeepsNone) {
  EXPECT_EQ(said_by("ostler.lock/1/acquire|deploy-prod|-1", "state"),
            "6 the server of this job keeps no lock for plugins (ostler.lock/1); a hub of Ostler "
            "does");
}

TEST_F(PluginLocks, RefuseWhatBreaksTheirRules) {
  answers_.clear();
  EXPECT_EQ(said_by("ostler.lock/1/acquire|deploy-prod|-1"),
            "5 ostler/locks/take: the server answered 422 (it holds it)");
  EXPECT_THAT(left_, IsEmpty()) << "the lock that the job has is not given back";
  EXPECT_THAT(said_by("ostler.lock/1/acquire|a b|-1"), HasSubstr("7 the name of a lock has"));
  EXPECT_THAT(said_by("ostler.lock/1/acquire|a|-2"), HasSubstr("7 the longest wait for a lock"));
  EXPECT_THAT(said_by("ostler.lock/1/acquire|a"), HasSubstr("7 ostler.lock/1/acquire takes 2"));
  EXPECT_THAT(said_by("ostler.lock/1/steal|a"), HasSubstr("3 this host has no call"));
  EXPECT_THAT(said_by(R"(ostler.secret/1/get|KEY\nostler.lock/1/acquire|a-thing-to-hide|-1)"),
              HasSubstr("4 the name of a lock has a secret"));
}

}  // namespace
}  // namespace ostler::worker
