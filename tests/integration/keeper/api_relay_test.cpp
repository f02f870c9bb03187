// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/keeper/driven_keeper.hpp"

namespace ostler::keeper {
namespace {

using supervise::ApiReply;
using supervise::ApiRequest;

TEST(KeeperApiRelay, CarriesARequestAndItsAnswer) {
  DrivenKeeper keeper;
  keeper.give("started\nrequest jobs/1/data\nreport 0\n");
  const auto request = keeper.await<ApiRequest>();
  EXPECT_EQ(request.path, "jobs/1/data");
  keeper.send(ApiReply{.id = request.id, .status = 201, .headers = {}, .body = "made"});
  EXPECT_THAT(keeper.finish().output, testing::HasSubstr("reply 201 made\n"));
}

TEST(KeeperApiRelay, SendsAnUnansweredRequestAgainToTheNextAgent) {
  DrivenKeeper keeper;
  keeper.give("started\nrequest jobs/1/data\nreport 0\n");
  const auto first = keeper.await<ApiRequest>();
  keeper.drop_agent();
  supervise::Channel next = keeper.connect();
  ASSERT_TRUE(next.send(supervise::Hello{.epoch = 2}, kLimit));
  const auto again = DrivenKeeper::await_on<ApiRequest>(next);
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.uuid, first.uuid);
  ASSERT_TRUE(
      next.send(ApiReply{.id = again.id, .status = 200, .headers = {}, .body = ""}, kLimit));
  EXPECT_THAT(keeper.finish().output, testing::HasSubstr("reply 200"));
}

TEST(KeeperApiRelay, PassesOverAnAnswerThatNobodyWaitsFor) {
  DrivenKeeper keeper;
  keeper.give("started\nrequest a\nreport 0\n");
  const auto request = keeper.await<ApiRequest>();
  keeper.send(ApiReply{.id = request.id + 1, .status = 500, .headers = {}, .body = ""});
  keeper.send(ApiReply{.id = request.id, .status = 200, .headers = {}, .body = ""});
  EXPECT_EQ(keeper.finish().output, "reply 200 \n");
}

}  // namespace
}  // namespace ostler::keeper
