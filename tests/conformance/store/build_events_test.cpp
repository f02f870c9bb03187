// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::BuildEvent;
using model::BuildEventKind;

class BuildEvents : public StoreSuite {
 protected:
  BuildEventSlice slice(std::int64_t after = 0, std::int64_t limit = 1000) {
    return house_.get(house_.store().build_events({build_, after, limit}));
  }
  /// What was told behind `after`, a word each: "build:running", "job a:finished".
  std::vector<std::string> told(std::int64_t after = 0) {
    std::vector<std::string> words;
    for (const BuildEvent& event : slice(after).events) words.push_back(word_of(event));
    return words;
  }
  static std::string word_of(const BuildEvent& event) {
    if (const auto* state = std::get_if<model::BuildState>(&event.subject)) {
      return "build:" + std::string(to_string(*state));
    }
    if (const auto* job = std::get_if<model::JobEventSubject>(&event.subject)) {
      const bool is_removed = event.kind == BuildEventKind::JobRemoved;
      return "job " + job->job.step.key + ":" +
             (is_removed ? "removed" : std::string(to_string(job->job.state)));
    }
    constexpr std::array kOthers = {"annotation", "artifact", "meta_data"};
    return kOthers.at(event.subject.index() - 2);
  }
  void make(std::string_view yaml) { build_ = house_.create_build(yaml).build.id; }

  BuildId build_;
  support::Worker agent_ = house_.connect_agent();
};
INSTANTIATE_TEST_SUITE_P(Store, BuildEvents, testing::ValuesIn(store_kinds()), name_of);

using Words = std::vector<std::string>;

TEST_P(BuildEvents, TellTheLifeOfABuildInOrder) {
  make("steps: [{key: a, command: x}, {key: b, command: y, depends_on: a}]");
  EXPECT_EQ(told(), (Words{"build:scheduled", "job a:scheduled", "job b:waiting"}));
  const auto begun = slice().last;
  house_.run_job(agent_, house_.job_of(build_, "a").id, 3);
  EXPECT_EQ(told(begun), (Words{"job a:accepted", "job a:running", "build:running",
                                "job a:finished", "job b:waiting_failed", "build:failed"}));
}

TEST_P(BuildEvents, AreNumberedWithoutAGapAndReadFromAnyPlace) {
  make("steps: [{key: a, command: x}]");
  house_.run_job(agent_, house_.job_of(build_, "a").id);
  const auto all = slice();
  ASSERT_EQ(all.last, std::ssize(all.events));
  for (std::size_t i = 0; i < all.events.size(); ++i) {
    EXPECT_EQ(all.events[i].number, static_cast<std::int64_t>(i) + 1);
  }
  EXPECT_EQ(slice(2, 1).events.at(0).number, 3);
  EXPECT_EQ(slice(all.last).events.size(), 0u);
  EXPECT_EQ(slice(all.last).state, model::BuildState::Passed);
  EXPECT_EQ(house_.get(house_.store().build(build_)).last_event, all.last);
  house_.reopen();
  EXPECT_EQ(told(), told()) << "the same after a restart";
  EXPECT_EQ(slice().last, all.last);
}

TEST_P(BuildEvents, SayWhoHadAJobAndHowItEnded) {
  make("steps: [{key: a, label: Alpha, command: x}]");
  house_.run_job(agent_, house_.job_of(build_, "a").id, 7);
  const auto events = slice().events;
  const auto& ended = std::get<model::JobEventSubject>(events.at(events.size() - 2).subject);
  EXPECT_EQ(ended.job.step.label, "Alpha");
  EXPECT_EQ(ended.job.agent, agent_.id);
  EXPECT_EQ(ended.agent_name, "one");
  ASSERT_TRUE(ended.job.outcome);
  EXPECT_EQ(ended.job.outcome->exit_status, 7);
  EXPECT_EQ(events.back().at, house_.now());
}

TEST_P(BuildEvents, SayThatAFailureIsSoft) {
  make("steps: [{key: a, command: x, soft_fail: true}]");
  house_.run_job(agent_, house_.job_of(build_, "a").id, 7);
  const auto events = slice().events;
  const auto& ended = std::get<model::JobEventSubject>(events.at(events.size() - 2).subject);
  EXPECT_TRUE(ended.job.soft_failed);
  EXPECT_EQ(std::get<model::BuildState>(events.back().subject), model::BuildState::Passed);
}

TEST_P(BuildEvents, AreShortWhateverALabelIs) {
  make("steps: [{key: a, command: x}]");
  house_.get(
      house_.store().update_step({.step = {build_, "a"}, .label = std::string(60'000, 'x')}));
  const auto events = slice().events;
  EXPECT_EQ(std::get<model::JobEventSubject>(events.at(1).subject).job.step.label.size(), 500u);
}

TEST_P(BuildEvents, TellOfLabelsAndPriorities) {
  make("steps: [{key: a, command: x, parallelism: 2}]");
  const auto before = slice().last;
  house_.get(
      house_.store().update_step({.step = {build_, "a"}, .label = "Alpha", .now = house_.now()}));
  EXPECT_EQ(told(before), (Words{"job a:scheduled", "job a:scheduled"}));
  EXPECT_EQ(slice().events.back().at, house_.now());
  const auto labelled = slice().last;
  house_.get(house_.store().reprioritize_job({house_.job_of(build_, "a").id, 3, house_.now()}));
  EXPECT_EQ(told(labelled), (Words{"job a:scheduled"}));
}

TEST_P(BuildEvents, TellOfAnArtifactThatIsTakenAway) {
  make("steps: [{key: a, command: x}]");
  const JobId job = house_.job_of(build_, "a").id;
  house_.accept(agent_, job);
  CreateArtifacts command{.agent = agent_.id, .job = job, .batch = "b", .now = house_.now()};
  command.artifacts.emplace_back().path = std::string(5'000, 'p');
  const auto artifact = house_.get(house_.store().create_artifacts(command)).at(0);
  EXPECT_EQ(house_.error_of(house_.store().remove_artifact({artifact, house_.now()})),
            Errc::Conflict);
  house_.get(house_.store().update_artifacts(
      {.agent = agent_.id, .job = job, .reports = {{artifact, model::ArtifactEvent::Finish}}}));
  house_.get(house_.store().remove_artifact({artifact, house_.now()}));
  EXPECT_EQ(house_.error_of(house_.store().remove_artifact({artifact, house_.now()})),
            Errc::NotFound);
  const auto event = slice().events.back();
  EXPECT_EQ(event.kind, BuildEventKind::ArtifactRemoved);
  const auto& subject = std::get<model::ArtifactEventSubject>(event.subject);
  EXPECT_EQ(subject.id, artifact);
  EXPECT_EQ(subject.job, job);
  EXPECT_EQ(subject.path, std::string(4'096, 'p'));
  const auto removed = house_.get(house_.store().removed_blobs({}, 10));
  ASSERT_EQ(removed.size(), 1u) << "its file is to go";
  EXPECT_EQ(removed[0].id, artifact.uuid);
}

TEST_P(BuildEvents, TellOfNothingThatDidNotHappen) {
  make("steps: [{key: a, command: x}]");
  const JobId job = house_.job_of(build_, "a").id;
  house_.run_job(agent_, job);
  const auto last = slice().last;
  EXPECT_EQ(house_.error_of(house_.store().cancel_job({job, house_.now()})), Errc::Conflict);
  house_.get(house_.store().finish_job(house_.finish_command(agent_, job, 0)));
  EXPECT_EQ(slice().last, last) << "a refused command and a repeated report";
}

TEST_P(BuildEvents, TellOfCancellation) {
  make("steps: [{key: a, command: x}, {key: b, command: y}]");
  const JobId job = house_.job_of(build_, "a").id;
  house_.accept(agent_, job);
  house_.start(agent_, job);
  const auto last = slice().last;
  house_.get(house_.store().cancel_build({.build = build_, .now = house_.now()}));
  EXPECT_EQ(told(last), (Words{"job a:canceling", "job b:canceled", "build:canceling"}));
}

TEST_P(BuildEvents, TellOfAnotherAttemptAndOfABuildThatGoesOn) {
  make("steps: [{key: a, command: x}, {key: b, command: y, depends_on: a}]");
  const JobId first = house_.job_of(build_, "a").id;
  house_.run_job(agent_, first, 1);
  const auto last = slice().last;
  const auto retried = house_.get(house_.store().retry_job({.job = first, .now = house_.now()}));
  EXPECT_EQ(told(last), (Words{"job b:waiting", "job a:scheduled", "build:running"}));
  const auto events = slice(last).events;
  const auto& attempt = std::get<model::JobEventSubject>(events.at(1).subject).job;
  EXPECT_EQ(events.at(1).kind, BuildEventKind::JobCreated);
  EXPECT_EQ(attempt.attempt.source, first);
  const auto before = slice(last - 3).events;
  const auto& ended = std::get<model::JobEventSubject>(before.at(0).subject).job;
  EXPECT_EQ(ended.id, first);
  EXPECT_EQ(ended.attempt.retried_in, attempt.id);
}

TEST_P(BuildEvents, TellOfAnnotationsArtifactsAndMetaData) {
  make("steps: [{key: a, command: x}]");
  const JobId job = house_.job_of(build_, "a").id;
  house_.accept(agent_, job);
  const auto last = slice().last;
  auto& store = house_.store();
  house_.get(store.annotate({.place = {build_, {}}, .context = "c", .change = {.body = "text"}}));
  house_.get(store.remove_annotation({.place = {build_, {}}, .context = "c"}));
  house_.get(store.set_meta_data({.build = build_, .items = {{"k", "v"}}}));
  CreateArtifacts declared{.agent = agent_.id, .job = job, .batch = "1"};
  declared.artifacts.resize(1);
  declared.artifacts[0].path = "out/a.txt";
  const auto ids = house_.get(store.create_artifacts(declared));
  const UpdateArtifacts report{
      .agent = agent_.id, .job = job, .reports = {{ids[0], model::ArtifactEvent::Finish}}};
  EXPECT_EQ(house_.get(store.update_artifacts(report)), build_);
  house_.get(store.update_artifacts(report));
  EXPECT_EQ(told(last), (Words{"annotation", "annotation", "meta_data", "artifact"}));
  const auto artifact = std::get<model::ArtifactEventSubject>(slice().events.back().subject);
  EXPECT_EQ(artifact.path, "out/a.txt");
  EXPECT_EQ(artifact.state, model::ArtifactState::Finished);
}

TEST_P(BuildEvents, GoWithTheirBuild) {
  make("steps: [{key: a, command: x}]");
  house_.run_job(agent_, house_.job_of(build_, "a").id);
  while (house_.get(house_.store().remove_expired({.expired = {.build = build_}})).more) {
  }
  EXPECT_EQ(house_.error_of(house_.store().build_events({.build = build_})), Errc::NotFound);
}

}  // namespace
}  // namespace ostler::store
