// SPDX-License-Identifier: Apache-2.0
#include "agent_client/call_with_retries.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

namespace ostler::agent_client {
namespace {

using std::chrono::milliseconds;

/// Answers what the test has put in line.
class FakeTransport final : public Transport {
 public:
  Result<ApiAnswer> call(const ApiCall& call) override {
    seen.push_back(call);
    auto answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }
  std::deque<Result<ApiAnswer>> answers;
  std::vector<ApiCall> seen;
};

struct FakeTime {
  milliseconds now{0};
  RetryClock clock() {
    return {[this](milliseconds wait) { now += wait; }, [this] { return now; }};
  }
};

TEST(CallWithRetries, TriesAgainWithTheSameUuidUntilItWorks) {
  FakeTransport transport;
  FakeTime time;
  transport.answers.push_back(Error(Errc::Unavailable, "refused").with_retryable(true));
  transport.answers.push_back(ApiAnswer{503, ""});
  transport.answers.push_back(ApiAnswer{200, "done"});
  const auto answer = call_with_retries(transport, {"POST", "jobs/a/data/get", "{}", "u1"},
                                        policy::kMetaDataGet, {}, time.clock());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().body, "done");
  ASSERT_EQ(transport.seen.size(), 3u);
  EXPECT_EQ(transport.seen[2].uuid, "u1");
  EXPECT_EQ(time.now, milliseconds(10'000));
}

TEST(CallWithRetries, AsksAgainWhenTheAnswerCannotBeUsed) {
  const BodyCheck is_json = [](const std::string& body) {
    return body.starts_with('{') ? success() : Result<void>(Error(Errc::Protocol, "no JSON"));
  };
  FakeTransport transport;
  FakeTime time;
  transport.answers.push_back(ApiAnswer{200, "<html>"});
  transport.answers.push_back(ApiAnswer{200, "{}"});
  const auto answer = call_with_retries(transport, {"POST", "p", "", ""}, policy::kMetaDataGet,
                                        is_json, time.clock());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().body, "{}");
  for (int i = 0; i < policy::kMetaDataGet.attempts; ++i) {
    transport.answers.push_back(ApiAnswer{200, "<html>"});
  }
  const auto never = call_with_retries(transport, {"POST", "p", "", ""}, policy::kMetaDataGet,
                                       is_json, time.clock());
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().message(), "no JSON");
}

TEST(CallWithRetries, HandsBackAFinalStatusAtOnce) {
  FakeTransport transport;
  FakeTime time;
  transport.answers.push_back(ApiAnswer{404, "no such key"});
  const auto answer =
      call_with_retries(transport, {"POST", "p", "", ""}, policy::kMetaDataGet, {}, time.clock());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().status, 404);
  EXPECT_EQ(time.now, milliseconds(0));
}

TEST(CallWithRetries, HandsBackTheLastErrorWhenAttemptsAreUsed) {
  FakeTransport transport;
  FakeTime time;
  for (int i = 0; i < 10; ++i) {
    transport.answers.push_back(Error(Errc::Unavailable, "refused").with_retryable(true));
  }
  const auto answer =
      call_with_retries(transport, {"POST", "p", "", ""}, policy::kMetaDataGet, {}, time.clock());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::Unavailable);
  EXPECT_TRUE(transport.answers.empty());
}

}  // namespace
}  // namespace ostler::agent_client
