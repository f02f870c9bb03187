// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::BranchHead;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kOne(40, '1');
const std::string kTwo(40, '2');

class PollSuite : public StoreSuite {
 protected:
  void SetUp() override {
    house_.get(house_.store().set_poll({house_.pipeline(), 30, house_.now()}));
  }
  TakenHeads take(std::vector<BranchHead> heads) {
    return house_.get(house_.store().take_heads(
        {house_.pipeline(), std::move(heads), house_.now() + seconds(30)}));
  }
  Result<BuildChange> build(const BranchHead& head) {
    model::BuildRequest request;
    request.branch = head.branch;
    request.commit = head.commit;
    return house_.call(house_.store().create_build({.pipeline = house_.pipeline(),
                                                    .request = request,
                                                    .meta_data = {},
                                                    .plan = {},
                                                    .is_polled = true,
                                                    .now = house_.now()}));
  }
  std::vector<DuePoll> due() { return house_.get(house_.store().due_polls(house_.now(), 10)); }
};
class Polls : public PollSuite {};
INSTANTIATE_TEST_SUITE_P(Store, Polls, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Polls, AreDueAtOnceAndThenAfterEachLook) {
  ASSERT_EQ(due().size(), 1u);
  EXPECT_EQ(due()[0].pipeline, house_.pipeline());
  EXPECT_EQ(due()[0].seconds, 30);
  EXPECT_EQ(house_.get(house_.store().pipeline(house_.pipeline())).settings.poll_seconds, 30);
  take({});
  EXPECT_THAT(due(), IsEmpty());
  house_.pass(seconds(30));
  EXPECT_EQ(due().size(), 1u);
}

TEST_P(Polls, OnlyRememberWhatTheFirstLookFinds) {
  const TakenHeads first = take({{"main", kOne}});
  EXPECT_TRUE(first.is_first);
  EXPECT_THAT(first.fresh, IsEmpty());
  const TakenHeads second = take({{"main", kOne}, {"next", kOne}});
  EXPECT_FALSE(second.is_first);
  EXPECT_THAT(second.fresh, ElementsAre(BranchHead{"next", kOne}));
}

TEST_P(Polls, KeepAHeadFreshUntilItIsBuiltOrPassedOver) {
  take({});
  const std::vector<BranchHead> heads = {{"a", kOne}, {"b", kOne}};
  EXPECT_EQ(take(heads).fresh.size(), 2u);
  house_.reopen();
  EXPECT_EQ(take(heads).fresh.size(), 2u);
  ASSERT_TRUE(build(heads[0]));
  EXPECT_THAT(take(heads).fresh, ElementsAre(heads[1]));
  house_.get(house_.store().pass_head({house_.pipeline(), heads[1]}));
  EXPECT_THAT(take(heads).fresh, IsEmpty());
}

TEST_P(Polls, BuildACommitOnceOnItsBranch) {
  take({});
  ASSERT_TRUE(build({"a", kOne}));
  EXPECT_EQ(build({"a", kOne}).error().code(), Errc::Conflict);
  EXPECT_THAT(take({{"a", kTwo}}).fresh, ElementsAre(BranchHead{"a", kTwo}));
  ASSERT_TRUE(build({"a", kTwo}));
  EXPECT_THAT(take({{"a", kOne}}).fresh, IsEmpty()) << "pushed back to what was built";
  take({});
  EXPECT_THAT(take({{"a", kTwo}}).fresh, IsEmpty()) << "a branch that came back";
  EXPECT_THAT(take({{"b", kOne}}).fresh, ElementsAre(BranchHead{"b", kOne}));
}

TEST_P(Polls, CountTheirFailuresUntilALookSucceeds) {
  house_.get(house_.store().postpone_poll({house_.pipeline(), house_.now() + seconds(60)}));
  EXPECT_THAT(due(), IsEmpty());
  house_.pass(seconds(60));
  ASSERT_EQ(due().size(), 1u);
  EXPECT_EQ(due()[0].failures, 1);
  take({});
  house_.pass(seconds(30));
  EXPECT_EQ(due()[0].failures, 0);
}

TEST_P(Polls, ForgetWhatTheySawWhenTurnedOff) {
  take({{"main", kOne}});
  house_.get(house_.store().set_poll({house_.pipeline(), std::nullopt, house_.now()}));
  EXPECT_THAT(due(), IsEmpty());
  EXPECT_EQ(house_.error_of(house_.store().take_heads({house_.pipeline(), {}, house_.now()})),
            Errc::NotFound);
  EXPECT_EQ(build({"main", kTwo}).error().code(), Errc::NotFound);
  house_.get(house_.store().set_poll({house_.pipeline(), 30, house_.now()}));
  EXPECT_TRUE(take({{"main", kTwo}}).is_first);
}

TEST_P(Polls, AreOfAPipelineThatExists) {
  EXPECT_EQ(house_.error_of(house_.store().set_poll({PipelineId::make(), 30, house_.now()})),
            Errc::NotFound);
}

}  // namespace
}  // namespace ostler::store
