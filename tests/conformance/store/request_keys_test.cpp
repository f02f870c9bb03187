// SPDX-License-Identifier: Apache-2.0
// Requests that count once, and pipelines that are put away.
#include <gmock/gmock.h>

#include "store_suite.hpp"

namespace ostler::store {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::IsEmpty;
using testing::SizeIs;

class RequestKeySuite : public StoreSuite {
 protected:
  RequestKey key(const std::string& digest) const { return {house_.api().token, "k", digest}; }
  CreateBuild command(std::optional<RequestKey> once) const {
    model::BuildRequest request;
    request.branch = "main";
    return {.pipeline = house_.pipeline(),
            .request = std::move(request),
            .meta_data = {},
            .plan = {},
            .once = std::move(once),
            .now = house_.now()};
  }
  std::int64_t number_of(RequestKey once) {
    return house_.get(house_.store().create_build(command(std::move(once)))).build.number;
  }
};
class RequestKeys : public RequestKeySuite {};
INSTANTIATE_TEST_SUITE_P(Store, RequestKeys, testing::ValuesIn(store_kinds()), name_of);

TEST_P(RequestKeys, MakeOneBuildForADay) {
  EXPECT_EQ(number_of(key("one")), 1);
  EXPECT_EQ(number_of(key("one")), 1);
  house_.reopen();
  EXPECT_EQ(number_of(key("one")), 1);
  house_.pass(hours(24) - seconds(1));
  house_.sweep();
  EXPECT_EQ(number_of(key("one")), 1);
  house_.pass(seconds(1));
  EXPECT_EQ(number_of(key("one")), 2) << "the day is over";
  house_.pass(hours(24));
  house_.sweep();
  EXPECT_EQ(number_of(key("two")), 3) << "nothing is left of it";
}

TEST_P(RequestKeys, AreOfOneRequestAndOneToken) {
  EXPECT_EQ(number_of(key("one")), 1);
  EXPECT_EQ(house_.error_of(house_.store().create_build(command(key("two")))), Errc::Conflict);
  EXPECT_EQ(number_of({TokenId::make(), "k", "two"}), 2);
  EXPECT_EQ(number_of({house_.api().token, "other", "two"}), 3);
}

TEST_P(RequestKeys, FindTheirBuildAsItIsNow) {
  const FindRequest query{key("one"), house_.now()};
  EXPECT_FALSE(house_.get(house_.store().build_of_request(query)));
  const auto made = house_.get(house_.store().create_build(command(key("one"))));
  const auto found = house_.get(house_.store().build_of_request(query));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, made.build.id);
  EXPECT_EQ(house_.error_of(house_.store().build_of_request({key("two"), house_.now()})),
            Errc::Conflict);
}

TEST_P(RequestKeys, OfARefusedRequestAreFreeAgain) {
  house_.get(house_.store().archive_pipeline({house_.pipeline(), true, house_.now()}));
  EXPECT_EQ(house_.error_of(house_.store().create_build(command(key("one")))), Errc::Conflict);
  house_.get(house_.store().archive_pipeline({house_.pipeline(), false, house_.now()}));
  EXPECT_EQ(number_of(key("two")), 1);
}

class ArchivedPipelines : public RequestKeySuite {
 protected:
  model::Pipeline set(bool is_archived) {
    return house_.get(
        house_.store().archive_pipeline({house_.pipeline(), is_archived, house_.now()}));
  }
  std::vector<model::Pipeline> list(std::optional<bool> is_archived) {
    return house_
        .get(house_.store().pipelines(
            {.organization = house_.api().organization, .is_archived = is_archived}, {}))
        .items;
  }
  std::vector<DuePoll> due() { return house_.get(house_.store().due_polls(house_.now(), 10)); }
};
INSTANTIATE_TEST_SUITE_P(Store, ArchivedPipelines, testing::ValuesIn(store_kinds()), name_of);

TEST_P(ArchivedPipelines, GetNoBuildsUntilTheyAreTakenBack) {
  const Timestamp first = house_.now();
  EXPECT_EQ(set(true).archived_at, first);
  house_.pass(seconds(5));
  EXPECT_EQ(set(true).archived_at, first) << "a repeat changes nothing";
  EXPECT_EQ(house_.error_of(house_.store().create_build(command(std::nullopt))), Errc::Conflict);
  EXPECT_FALSE(set(false).archived_at);
  EXPECT_EQ(house_.get(house_.store().create_build(command(std::nullopt))).build.number, 1);
  EXPECT_EQ(house_.error_of(house_.store().archive_pipeline({PipelineId::make(), true, first})),
            Errc::NotFound);
}

TEST_P(ArchivedPipelines, AreListedApart) {
  EXPECT_THAT(list(true), IsEmpty());
  set(true);
  EXPECT_THAT(list(true), SizeIs(1));
  EXPECT_THAT(list(false), IsEmpty());
  EXPECT_THAT(list(std::nullopt), SizeIs(1));
}

TEST_P(ArchivedPipelines, AreNotLookedAtAndBuildNothingOldLater) {
  house_.get(house_.store().set_poll({house_.pipeline(), 30, house_.now()}));
  const std::string commit(40, '1');
  const TakeHeads none{house_.pipeline(), {}, house_.now()};
  house_.get(house_.store().take_heads(none));
  set(true);
  EXPECT_THAT(due(), IsEmpty());
  set(false);
  EXPECT_THAT(due(), SizeIs(1));
  const auto taken =
      house_.get(house_.store().take_heads({house_.pipeline(), {{"main", commit}}, house_.now()}));
  EXPECT_TRUE(taken.is_first);
  EXPECT_THAT(taken.fresh, IsEmpty());
}

}  // namespace
}  // namespace ostler::store
