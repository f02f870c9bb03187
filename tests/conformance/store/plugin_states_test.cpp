// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "store/plugin_records.hpp"
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::StateKey;
using model::StateScope;
using testing::ElementsAre;

class PluginStateSuite : public StoreSuite {
 protected:
  void SetUp() override { job_ = running_job(); }

  JobId running_job() {
    const JobId job = house_.create_build("steps: [{command: a}]").follow_ups.runnable.front();
    house_.accept(house_.connect_agent(), job);
    return job;
  }
  PluginRecords& records() { return house_.store().plugin_records(); }
  static StateKey at(std::string key, StateScope scope = StateScope::Pipeline,
                     std::string plugin = "deploy") {
    return {scope, std::move(plugin), std::move(key)};
  }
  ChangeState change(StateKey where, std::optional<std::string> value,
                     std::optional<std::int64_t> expected = std::nullopt) {
    return {.job = job_,
            .at = std::move(where),
            .value = std::move(value),
            .expected = expected,
            .request = std::to_string(++requests_),
            .now = house_.now()};
  }
  std::int64_t make(ChangeState command) {
    return house_.get(records().change_plugin_state(std::move(command)));
  }
  Error refused(ChangeState command) {
    return house_.call(records().change_plugin_state(std::move(command))).error();
  }
  std::string value_of(StateKey where) {
    const auto found = house_.get(records().plugin_state({.job = job_, .at = std::move(where)}));
    return found ? found->value + " " + std::to_string(found->revision) : "none";
  }
  std::vector<std::string> keys(StateKey begin) {
    return house_.get(records().plugin_state_keys({.job = job_, .at = std::move(begin)}));
  }

  JobId job_;
  int requests_ = 0;
};
class PluginStates : public PluginStateSuite {};
INSTANTIATE_TEST_SUITE_P(Store, PluginStates, testing::ValuesIn(store_kinds()), name_of);

TEST_P(PluginStates, AreChangedByWhoeverKnowsTheRevision) {
  EXPECT_EQ(value_of(at("live")), "none");
  const auto first = make(change(at("live"), "1.0", 0));
  EXPECT_GT(first, 0);
  EXPECT_EQ(value_of(at("live")), "1.0 " + std::to_string(first));
  const Error taken = refused(change(at("live"), "1.1", 0));
  EXPECT_EQ(taken.code(), Errc::Conflict);
  EXPECT_EQ(taken.message(),
            "the key live has revision " + std::to_string(first) + ", and was to be new");
  const auto second = make(change(at("live"), "1.1", first));
  EXPECT_GT(second, first);
  EXPECT_EQ(refused(change(at("live"), "1.2", first)).code(), Errc::Conflict);
  EXPECT_GT(make(change(at("live"), "1.3")), second) << "whatever it has";
  EXPECT_EQ(refused(change(at("other"), "1", second)).message(),
            "the key other is not there, and so has not revision " + std::to_string(second));
}

TEST_P(PluginStates, AreChangedOnceByARequestThatIsRepeated) {
  const ChangeState set = change(at("live"), "1.0", 0);
  const auto revision = make(set);
  EXPECT_EQ(make(set), revision);
  const ChangeState removal = change(at("live"), std::nullopt, revision);
  EXPECT_EQ(make(removal), 0);
  EXPECT_EQ(make(removal), 0) << "the answer to the first may have been lost";
  EXPECT_EQ(value_of(at("live")), "none");
}

TEST_P(PluginStates, KeepWhatOthersChangedBeforeTheRepeat) {
  const ChangeState set = change(at("live"), "mine", 0);
  const auto revision = make(set);
  const JobId first = job_;
  job_ = running_job();
  const auto later = make(change(at("live"), "theirs", revision));
  EXPECT_EQ(make(set), revision);
  EXPECT_EQ(value_of(at("live")), "theirs " + std::to_string(later));
  job_ = first;
  const ChangeState removal = change(at("live"), std::nullopt);
  EXPECT_EQ(make(removal), 0);
  const ChangeState nothing = change(at("none"), std::nullopt);
  EXPECT_EQ(make(nothing), 0);
  make(change(at("live"), "again"));
  make(change(at("none"), "new"));
  house_.pass(std::chrono::hours(8));
  EXPECT_EQ(make(removal), 0);
  EXPECT_EQ(make(nothing), 0);
  EXPECT_THAT(value_of(at("live")), testing::StartsWith("again "));
  EXPECT_THAT(value_of(at("none")), testing::StartsWith("new "));
}

TEST_P(PluginStates, AreNotChangedForAJobThatIsOver) {
  const JobId job = house_.create_build("steps: [{command: a}]").follow_ups.runnable.front();
  const auto agent = house_.connect_agent();
  house_.accept(agent, job);
  job_ = job;
  const ChangeState set = change(at("live"), "1.0");
  const auto revision = make(set);
  house_.finish(agent, job);
  EXPECT_EQ(refused(set).code(), Errc::NotFound) << "a late repeat";
  EXPECT_EQ(refused(change(at("live"), "1.1")).code(), Errc::NotFound);
  EXPECT_EQ(refused(change(at("live"), std::nullopt)).code(), Errc::NotFound);
  EXPECT_EQ(value_of(at("live")), "1.0 " + std::to_string(revision));
}

TEST_P(PluginStates, OfAHostStayWhileAnAgentIsOnItNowAndThen) {
  const auto job_on = [this](const std::string& host) {
    const JobId job = house_.create_build("steps: [{command: a}]").follow_ups.runnable.front();
    house_.accept(house_.connect_agent({}, "one", host), job);
    return job;
  };
  const StateKey id = at("id", StateScope::Host);
  const JobId first = job_on("box-1");
  job_ = first;
  make(change(id, "7"));
  house_.pass(std::chrono::days(20));
  job_on("box-1");
  house_.pass(std::chrono::days(20));
  job_ = job_on("box-2");
  make(change(id, "8"));
  job_ = first;
  EXPECT_THAT(value_of(id), testing::StartsWith("7 "));
  house_.pass(std::chrono::days(31));
  job_ = job_on("box-3");
  make(change(id, "9"));
  job_ = first;
  EXPECT_EQ(value_of(id), "none") << "nobody was there for a month";
}

TEST_P(PluginStates, NeverHaveARevisionTwice) {
  const auto first = make(change(at("live"), "1.0"));
  make(change(at("live"), std::nullopt));
  EXPECT_EQ(refused(change(at("live"), "1.1", first)).code(), Errc::Conflict);
  EXPECT_GT(make(change(at("live"), "1.1", 0)), first);
  EXPECT_EQ(make(change(at("none"), std::nullopt)), 0) << "what is not there is fine";
  EXPECT_EQ(refused(change(at("none"), std::nullopt, first)).code(), Errc::Conflict);
}

TEST_P(PluginStates, AreOfOnePluginAndOneScope) {
  const StateScope scopes[] = {StateScope::Pipeline, StateScope::Host, StateScope::Everywhere};
  for (const StateScope scope : scopes) {
    make(change(at("k", scope), "of " + std::string(model::name_of(scope)), 0));
    make(change(at("k", scope, "verify"), "another plugin's", 0));
  }
  EXPECT_THAT(value_of(at("k")), testing::StartsWith("of pipeline "));
  EXPECT_THAT(value_of(at("k", StateScope::Host)), testing::StartsWith("of host "));
  EXPECT_THAT(value_of(at("k", StateScope::Everywhere)), testing::StartsWith("of everywhere "));
}

TEST_P(PluginStates, AreSeenByLaterJobs) {
  make(change(at("k"), "pipeline", 0));
  make(change(at("k", StateScope::Host), "host", 0));
  job_ = running_job();
  EXPECT_THAT(value_of(at("k")), testing::StartsWith("pipeline "));
  EXPECT_THAT(value_of(at("k", StateScope::Host)), testing::StartsWith("host "));
}

TEST_P(PluginStates, AreListedByTheirBegin) {
  for (const char* key : {"site/b", "site/a", "sit", "sitf", "other"}) make(change(at(key), "v"));
  make(change(at("site/gone"), "v"));
  make(change(at("site/gone"), std::nullopt));
  EXPECT_THAT(keys(at("site/")), ElementsAre("site/a", "site/b"));
  EXPECT_THAT(keys(at("")), ElementsAre("other", "sit", "site/a", "site/b", "sitf"));
}

TEST_P(PluginStates, AreBoundedInNumber) {
  for (int i = 0; i < model::kMostStateKeys; ++i) make(change(at(std::to_string(i)), "v"));
  EXPECT_EQ(refused(change(at("more"), "v")).code(), Errc::UserFault);
  make(change(at("0"), "another value"));
  make(change(at("more", StateScope::Host), "v"));
  make(change(at("0"), std::nullopt));
  make(change(at("more"), "v"));
}

TEST_P(PluginStates, AreOfJobsThatAgentsHave) {
  const JobId waiting = house_.create_build("steps: [{command: a}]").follow_ups.runnable.front();
  EXPECT_EQ(house_.error_of(records().plugin_state({.job = waiting, .at = at("k")})),
            Errc::NotFound);
  EXPECT_EQ(house_.error_of(records().plugin_state_keys({.job = JobId::make(), .at = at("")})),
            Errc::NotFound);
}

}  // namespace
}  // namespace ostler::store
