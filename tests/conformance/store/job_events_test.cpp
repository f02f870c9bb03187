// SPDX-License-Identifier: Apache-2.0
#include "store/job_events.hpp"

#include <gmock/gmock.h>

#include "store/plugin_records.hpp"
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class JobEventSuite : public StoreSuite {
 protected:
  void SetUp() override {
    agent_ = house_.connect_agent();
    const auto made = house_.create_build("steps: [{command: a}]");
    build_ = made.build.id;
    job_ = made.follow_ups.runnable.front();
    house_.accept(agent_, job_);
    house_.start(agent_, job_);
  }
  PluginRecords& records() { return house_.store().plugin_records(); }
  void keep(std::vector<JobEvent> events) {
    house_.get(records().keep_job_events({agent_.id, job_, std::move(events)}));
  }
  JobEvent event(std::int64_t sequence, std::string data, std::string kind = "output") {
    return {sequence, house_.now(), std::move(kind), std::move(data)};
  }
  std::vector<std::string> kept(PageRequest page = {.size = 100}) {
    std::vector<std::string> all;
    for (const JobEvent& one : house_.get(records().job_events(job_, page)).items) {
      all.push_back(std::to_string(one.sequence) + " " + one.kind + " " + one.data);
    }
    return all;
  }

  support::Worker agent_;
  BuildId build_;
  JobId job_;
};
class JobEvents : public JobEventSuite {};
INSTANTIATE_TEST_SUITE_P(Store, JobEvents, testing::ValuesIn(store_kinds()), name_of);

TEST_P(JobEvents, AreKeptOnceInTheirOrder) {
  keep({event(7, "1"), event(9, "2")});
  keep({event(7, "another"), event(9, "2"), event(12, "{}", "result")});
  EXPECT_THAT(kept(), ElementsAre("7 output 1", "9 output 2", "12 result {}"));
  EXPECT_THAT(kept({.number = 2, .size = 2}), ElementsAre("12 result {}"));
}

TEST_P(JobEvents, AreTakenAfterTheEndOfTheirJobFromItsAgentAlone) {
  house_.finish(agent_, job_);
  keep({event(1, "1")});
  EXPECT_THAT(kept(), ElementsAre("1 output 1"));
  const auto other = house_.connect_agent({}, "two");
  EXPECT_EQ(house_.error_of(records().keep_job_events({other.id, job_, {event(2, "2")}})),
            Errc::NotFound);
}

TEST_P(JobEvents, AreForgottenWhenNewerProgressComes) {
  keep({event(1, "10", "progress"), event(2, "1"), event(3, "20", "progress")});
  EXPECT_THAT(kept(), ElementsAre("2 output 1", "3 progress 20"));
  keep({event(1, "10", "progress")});
  EXPECT_THAT(kept(), ElementsAre("2 output 1", "3 progress 20")) << "a batch that comes again";
}

TEST_P(JobEvents, AreBoundedInNumberAndSize) {
  const std::string large(128 << 10, '1');
  for (int i = 0; i < 200; ++i) keep({event(i, large)});
  const auto some = house_.get(records().job_events(job_, {.number = 2, .size = 100}));
  EXPECT_EQ(some.items.size(), 28u);
  std::vector<JobEvent> many;
  for (int i = 200; i < 2300; ++i) many.push_back(event(i, ""));
  keep(std::move(many));
  EXPECT_EQ(house_.get(records().job_events(job_, {.number = 20, .size = 100})).items.size(), 100u);
  EXPECT_THAT(kept({.number = 21, .size = 100}), IsEmpty());
}

TEST_P(JobEvents, GoWithTheirBuild) {
  keep({event(1, "1"), event(2, "2")});
  house_.finish(agent_, job_);
  house_.get(house_.store().remove_expired({.expired = {.build = build_, .what = Expiry::Build},
                                            .slice = std::chrono::seconds(5),
                                            .now = house_.now()}));
  EXPECT_THAT(kept(), IsEmpty());
  EXPECT_EQ(house_.error_of(house_.store().job(job_)), Errc::NotFound);
}

}  // namespace
}  // namespace ostler::store
