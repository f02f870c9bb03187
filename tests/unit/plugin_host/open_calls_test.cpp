// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/open_calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::plugin_host {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class OpenCallsTest : public testing::Test {
 protected:
  std::vector<std::string> answers_;  ///< "7 value", or "7 reason"
  OpenCalls calls_{[this](std::uint32_t id, const Result<std::string>& found) {
    answers_.push_back(std::to_string(id) + " " +
                       (found ? found.value() : found.error().message()));
  }};
};

TEST_F(OpenCallsTest, AreAnsweredOnceInAnyOrder) {
  const auto one = calls_.begin(1).value();
  const auto two = calls_.begin(2).value();
  EXPECT_EQ(calls_.begin(2).error().code(), Errc::Protocol);
  two(std::string("b"));
  one(std::string("a"));
  one(std::string("again"));
  EXPECT_THAT(answers_, ElementsAre("2 b", "1 a"));
}

TEST_F(OpenCallsTest, HaveTheirPlaceUntilTheAnswerIsWritten) {
  for (std::uint32_t id = 1; id <= 32; ++id) calls_.begin(id).value()(std::string("at once"));
  EXPECT_EQ(calls_.begin(33).error().code(), Errc::Unavailable);
  calls_.finish(7);
  EXPECT_TRUE(calls_.begin(33));
}

TEST_F(OpenCallsTest, TakeNoAnswerToAnEarlierCallOfTheirNumber) {
  const auto earlier = calls_.begin(1).value();
  calls_.cancel();
  calls_.finish(1);
  calls_.begin_cleanup();
  const auto later = calls_.begin(1).value();
  earlier(std::string("earlier"));
  later(std::string("later"));
  EXPECT_THAT(answers_, ElementsAre("1 the job was cancelled", "1 later"));
}

TEST_F(OpenCallsTest, ThatEndThemselvesAreAnsweredByThoseWhoWorkForThem) {
  const auto run = calls_.begin(1, AtCancel::EndsItself).value();
  calls_.cancel();
  EXPECT_THAT(answers_, IsEmpty());
  run(std::string("stopped"));
  EXPECT_THAT(answers_, ElementsAre("1 stopped"));
  EXPECT_EQ(calls_.begin(2, AtCancel::EndsItself).error().code(), Errc::Cancelled);
}

TEST_F(OpenCallsTest, ThatFreeSomethingWorkInACancelAndBesideManyThatWait) {
  for (std::uint32_t id = 1; id <= 32; ++id) EXPECT_TRUE(calls_.begin(id, AtCancel::EndsItself));
  calls_.cancel();
  for (std::uint32_t id = 33; id <= 64; ++id) EXPECT_TRUE(calls_.begin(id, AtCancel::Works));
  EXPECT_EQ(calls_.begin(65, AtCancel::Works).error().code(), Errc::Unavailable);
}

TEST_F(OpenCallsTest, EndWithACancelAndBeginAgainToCleanUp) {
  const auto late = calls_.begin(1).value();
  calls_.cancel();
  EXPECT_THAT(answers_, ElementsAre("1 the job was cancelled"));
  late(std::string("late"));
  EXPECT_EQ(answers_.size(), 1u);
  EXPECT_EQ(calls_.begin(2).error().code(), Errc::Cancelled);
  calls_.begin_cleanup();
  calls_.begin(3).value()(std::string("clean"));
  EXPECT_EQ(answers_.back(), "3 clean");
}

TEST_F(OpenCallsTest, AnswerNobodyAfterTheEnd) {
  CallDone done;
  {
    OpenCalls gone([this](std::uint32_t, const Result<std::string>&) { answers_.push_back("?"); });
    done = gone.begin(1).value();
    gone.end();
    gone.begin_cleanup();
    EXPECT_FALSE(gone.begin(2)) << "a dead box may have said that it cleans up";
  }
  done(std::string("late"));
  EXPECT_THAT(answers_, IsEmpty());
}

}  // namespace
}  // namespace ostler::plugin_host
