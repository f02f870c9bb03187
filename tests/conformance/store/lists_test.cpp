// SPDX-License-Identifier: Apache-2.0
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::BuildState;
using Numbers = std::vector<std::int64_t>;

class ListSuite : public StoreSuite {
 protected:
  BuildId make(std::string branch, std::string commit = "HEAD") {
    model::BuildRequest request;
    request.branch = std::move(branch);
    request.commit = std::move(commit);
    house_.pass(std::chrono::seconds(1));
    return house_.create_build("steps: [{command: a}]", request).build.id;
  }
  Numbers numbers(BuildFilter filter, PageRequest page = {}) {
    Numbers found;
    for (const auto& build : house_.get(house_.store().builds(std::move(filter), page)).items) {
      found.push_back(build.number);
    }
    return found;
  }
};
class Lists : public ListSuite {};
INSTANTIATE_TEST_SUITE_P(Store, Lists, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Lists, ShowBuildsNewestFirstInPages) {
  for (int i = 0; i < 5; ++i) make("main");
  EXPECT_EQ(numbers({}, {1, 2}), (Numbers{5, 4}));
  EXPECT_EQ(numbers({}, {3, 2}), (Numbers{1}));
  EXPECT_TRUE(house_.get(house_.store().builds({}, {2, 2})).has_next);
  EXPECT_FALSE(house_.get(house_.store().builds({}, {3, 2})).has_next);
  EXPECT_EQ(house_.error_of(house_.store().builds({}, {1000, 100})), Errc::UserFault);
  EXPECT_EQ(house_.error_of(house_.store().builds({}, {0, 30})), Errc::UserFault);
  EXPECT_EQ(house_.error_of(house_.store().builds({}, {1, 101})), Errc::UserFault);
}

TEST_P(Lists, FilterBuildsByEachCriterionAndAll) {
  const auto first = make("main", "aaa");
  make("feature/x", "bbb");
  make("release-1", "aaa");
  house_.get(house_.store().cancel_build({first, "", house_.now()}));
  EXPECT_EQ(numbers({.branches = {"main"}}), Numbers{1});
  EXPECT_EQ(numbers({.branches = {"main", "release-*"}}), (Numbers{3, 1}));
  EXPECT_EQ(numbers({.branches = {"m*", "main", "*n"}}), Numbers{1});
  EXPECT_EQ(numbers({.branches = {"feature/?"}}), Numbers{});
  EXPECT_EQ(numbers({.commits = {"aaa"}}), (Numbers{3, 1}));
  EXPECT_EQ(numbers({.branches = {"main"}, .commits = {"aaa", "bbb"}}), Numbers{1});
  EXPECT_EQ(numbers({.states = {BuildState::Canceled}}), Numbers{1});
  EXPECT_EQ(numbers({.states = {BuildState::Canceled, BuildState::Scheduled}}), (Numbers{3, 2, 1}));
  EXPECT_EQ(numbers({.commits = {"aaa"}, .states = {BuildState::Scheduled}}), Numbers{3});
  EXPECT_EQ(numbers({.pipeline = PipelineId::make()}), Numbers{});
  EXPECT_EQ(numbers({.creator = house_.api().user.id}), (Numbers{3, 2, 1}));
  EXPECT_EQ(numbers({.creator = UserId::make()}), Numbers{});
}

TEST_P(Lists, ForgetTheHeadsOfARepositoryThatIsNoLongerAPipelines) {
  model::Pipeline pipeline = house_.get(house_.store().pipeline(house_.pipeline()));
  pipeline.settings.poll_seconds = 60;
  const auto update = [&] {
    return house_.get(house_.store().update_pipeline(
        {pipeline.id, pipeline.cluster, pipeline.settings, true, {}, house_.now()}));
  };
  const auto is_first_look = [&] {
    return house_
        .get(house_.store().take_heads(
            {.pipeline = pipeline.id, .heads = {{"main", "aaa"}}, .next = house_.now()}))
        .is_first;
  };
  EXPECT_EQ(update().settings.poll_seconds, 60);
  EXPECT_TRUE(is_first_look());
  pipeline.settings.description = "changed";
  EXPECT_EQ(update().settings.description, "changed");
  EXPECT_FALSE(is_first_look());
  pipeline.settings.repository = "elsewhere";
  EXPECT_EQ(update().settings.poll_seconds, 60);
  EXPECT_TRUE(is_first_look());
}

TEST_P(Lists, FilterBuildsByTime) {
  const auto first = make("main");
  const Timestamp middle = house_.now() + std::chrono::milliseconds(500);
  make("main");
  EXPECT_EQ(numbers({.created_from = middle}), Numbers{2});
  EXPECT_EQ(numbers({.created_to = middle}), Numbers{1});
  EXPECT_EQ(numbers({.finished_from = middle}), Numbers{});
  house_.get(house_.store().cancel_build({first, "", house_.now()}));
  EXPECT_EQ(numbers({.finished_from = middle}), Numbers{1});
}

/// Of so many builds the list is walked; of few, each is looked at.
TEST_P(Lists, FilterManyBuildsByTwoCriteria) {
  for (int i = 0; i < 1'000; ++i) make("main", i % 2 == 0 ? "even" : "odd");
  make("feature/x", "even");
  const auto creator = house_.api().user.id;
  EXPECT_EQ(numbers({.branches = {"main"}, .creator = creator}, {1, 2}), (Numbers{1000, 999}));
  EXPECT_EQ(numbers({.branches = {"main"}, .commits = {"even"}}, {1, 2}), (Numbers{999, 997}));
  EXPECT_EQ(numbers({.branches = {"feature/*"}, .creator = creator}), Numbers{1001});
  EXPECT_EQ(numbers({.pipeline = house_.pipeline(), .branches = {"f*"}, .creator = creator}),
            Numbers{1001});
  EXPECT_EQ(numbers({.pipeline = PipelineId::make(), .branches = {"f*"}, .creator = creator}),
            Numbers{});
  EXPECT_EQ(numbers({.branches = {"*x", "main"}, .commits = {"even"}}, {1, 2}),
            (Numbers{1001, 999}));
}

TEST_P(Lists, FilterBuildsByMetaData) {
  const auto first = make("main");
  const auto second = make("main");
  house_.get(house_.store().set_meta_data({first, {{"k", "v"}, {"l", "1"}}, {}}));
  house_.get(house_.store().set_meta_data({second, {{"k", "v"}}, {}}));
  EXPECT_EQ(numbers({.meta_data = {{"k", "v"}}}), (Numbers{2, 1}));
  EXPECT_EQ(numbers({.meta_data = {{"k", "v"}, {"l", "1"}}}), Numbers{1});
  EXPECT_EQ(numbers({.meta_data = {{"k", "w"}}}), Numbers{});
}

TEST_P(Lists, RefuseAFilterWithTooManyValues) {
  BuildFilter filter;
  filter.branches.resize(65, "main");
  EXPECT_EQ(house_.error_of(house_.store().builds(filter, {})), Errc::UserFault);
}

TEST_P(Lists, ShowTheJobsOfBuildsInTheOrderOfTheirSteps) {
  const auto build =
      house_.create_build("steps: [{command: a, key: a}, wait, {command: b, key: b}]").build.id;
  const auto jobs = house_.get(house_.store().jobs({.builds = {build}}));
  ASSERT_EQ(jobs.size(), 3u);
  EXPECT_EQ(jobs[0].step.key + jobs[2].step.key, "ab");
  const auto rest =
      house_.get(house_.store().jobs({.builds = {build}, .after = jobs[0].id, .limit = 1}));
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].id, jobs[1].id);
  EXPECT_EQ(house_.get(house_.store().jobs({.builds = {build}, .step_key = "b"})).at(0).id,
            jobs[2].id);
  EXPECT_EQ(
      house_.get(house_.store().jobs({.builds = {build}, .states = {model::JobState::Waiting}}))
          .size(),
      2u);
}

TEST_P(Lists, ShowRunnableJobsAfterAPlace) {
  const auto made =
      house_.create_build("steps: [{command: a}, {command: b}, {command: c, agents: {gpu: yes}}]");
  const auto all = house_.get(house_.store().runnable_jobs(std::nullopt, 10));
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(house_.get(house_.store().runnable_jobs(all[0].job, 10)).size(), 2u);
  EXPECT_EQ(house_.get(house_.store().runnable_jobs(std::nullopt, 2)).size(), 2u);
  const auto some =
      house_.get(house_.store().runnable_jobs(std::vector{all[2].job, JobId::make()}));
  ASSERT_EQ(some.size(), 1u);
  EXPECT_EQ(some[0].job, all[2].job);
  EXPECT_EQ(some[0].scheduled_at, house_.now());
}

TEST_P(Lists, ShowPipelinesByPartsOfNameAndRepository) {
  const auto find = [&](std::string name, std::string repository) {
    return house_
        .get(house_.store().pipelines(
            {house_.agent_token().organization, std::move(name), std::move(repository)}, {}))
        .items.size();
  };
  EXPECT_EQ(find("", ""), 1u);
  EXPECT_EQ(find("HELL", ""), 1u);
  EXPECT_EQ(find("", "git.EXAMPLE"), 1u);
  EXPECT_EQ(find("%", ""), 0u);
}

TEST_P(Lists, CountWhatRunsAndWaitsInAPipeline) {
  const auto agent = house_.connect_agent();
  const auto made = house_.create_build("steps: [{command: a}, {command: b}, wait, {command: c}]");
  house_.accept(agent, made.follow_ups.runnable.front());
  house_.start(agent, made.follow_ups.runnable.front());
  house_.create_build("steps: [{command: a}]");
  const auto counts = house_.get(house_.store().pipeline(house_.pipeline())).counts;
  EXPECT_EQ(counts.scheduled_builds, 1);
  EXPECT_EQ(counts.running_builds, 1);
  EXPECT_EQ(counts.running_jobs, 1);
  EXPECT_EQ(counts.scheduled_jobs, 2);
  EXPECT_EQ(counts.waiting_jobs, 1);
}

TEST_P(Lists, ShowAgentsThatAreConnected) {
  const auto one = house_.connect_agent({}, "one");
  house_.connect_agent({}, "two");
  const OrganizationId organization = house_.agent_token().organization;
  EXPECT_EQ(house_.get(house_.store().agents({.organization = organization}, {})).items.size(), 2u);
  EXPECT_EQ(house_.get(house_.store().agents({.organization = organization, .name = "two"}, {}))
                .items.size(),
            1u);
  house_.get(house_.store().disconnect_agent({one.id, house_.now()}));
  EXPECT_EQ(house_.get(house_.store().agents({.organization = organization}, {})).items.size(), 1u);
}

TEST_P(Lists, FilterAgentsByEachCriterionAndAll) {
  const OrganizationId organization = house_.agent_token().organization;
  const auto names = [&](AgentFilter filter, PageRequest page = {}) {
    std::string found;
    for (const auto& agent : house_.get(house_.store().agents(filter, page)).items) {
      found += agent.description.name + " ";
    }
    return found;
  };
  const auto build = house_.create_build("steps: [{command: a, key: a}]").build.id;
  for (const std::string name : {"idle", "busy", "paused", "other"}) {
    house_.pass(std::chrono::seconds(1));
    const auto agent = house_.connect_agent({}, name, name == "other" ? "host-2" : "host-1");
    if (name == "busy") house_.accept(agent, house_.job_of(build, "a").id);
    if (name == "paused") {
      house_.get(house_.store().pause_agent({.agent = agent.id, .now = house_.now()}));
    }
  }
  EXPECT_EQ(names({.organization = organization}), "other paused busy idle ");
  EXPECT_EQ(names({.organization = organization, .hostname = "host-1"}), "paused busy idle ");
  EXPECT_EQ(names({.organization = organization, .hostname = "host-1"}, {2, 1}), "busy ");
  EXPECT_EQ(names({.organization = organization, .has_job = true}), "busy ");
  EXPECT_EQ(names({.organization = organization, .has_job = false}), "other paused idle ");
  EXPECT_EQ(names({.organization = organization, .is_paused = true}), "paused ");
  EXPECT_EQ(names({.organization = organization, .is_paused = false}, {1, 2}), "other busy ");
  EXPECT_EQ(names({.organization = organization, .has_job = false, .is_paused = false}),
            "other idle ");
  EXPECT_EQ(
      names({.organization = organization, .name = "idle", .hostname = "host-1", .has_job = false}),
      "idle ");
  EXPECT_EQ(names({.organization = organization, .name = "idle", .has_job = true}), "");
  EXPECT_EQ(names({.organization = organization, .version = "none"}), "");
}

TEST_P(Lists, LeaveOutBuildsThatArePausedWhenAsked) {
  for (int i = 0; i < 3; ++i) make("main");
  const BuildFilter shown{.include_paused = false};
  EXPECT_EQ(numbers(shown), (Numbers{3, 2, 1}));
  const auto queue = house_.get(house_.store().queues(house_.agent_token().organization)).front();
  house_.get(house_.store().pause_queue({.cluster = queue.cluster,
                                         .queue = queue.id,
                                         .by = house_.api().user.id,
                                         .now = house_.now()}));
  EXPECT_EQ(numbers(shown), Numbers{});
  house_.pass(std::chrono::seconds(1));
  house_.create_build("steps: [{block: a}]");
  make("main");
  house_.pass(std::chrono::seconds(1));
  house_.create_build("steps: [{block: a}]");
  EXPECT_EQ(numbers(shown), (Numbers{6, 4}));
  EXPECT_EQ(numbers(shown, {2, 1}), Numbers{4});
  EXPECT_EQ(numbers({.branches = {"main"}, .include_paused = false}, {2, 30}), Numbers{});
}

}  // namespace
}  // namespace ostler::store
