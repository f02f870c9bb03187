// SPDX-License-Identifier: Apache-2.0
// Blocks and inputs. Source: reference/pipeline-yaml.md 5, 18; rest-api.md 10.7.
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "pipeline/parse.hpp"
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using namespace std::chrono_literals;
using model::BuildState;
using model::JobState;
using testing::Contains;
using testing::IsEmpty;
using testing::Pair;

class Gates : public StoreSuite {
 protected:
  void build(std::string_view yaml) { build_ = house_.create_build(yaml).build.id; }
  model::Job job(std::string_view step) { return house_.job_of(build_, step); }
  JobState state(std::string_view step) { return job(step).state; }
  model::Build loaded() { return house_.get(house_.store().build(build_)); }
  BuildState state() { return house_.state_of(build_); }
  void run(std::string_view step, int exit_status = 0) {
    house_.run_job(agent_, job(step).id, exit_status);
  }
  UnblockJob command(std::string_view step, model::Variables answers = {}) {
    return {.job = job(step).id,
            .by = house_.api().user.id,
            .answers = std::move(answers),
            .now = house_.now()};
  }
  UnblockedJob unblock(std::string_view step, model::Variables answers = {}) {
    return house_.get(house_.store().unblock_job(command(step, std::move(answers))));
  }
  std::string refusal(UnblockJob command) {
    const auto refused = house_.call(house_.store().unblock_job(std::move(command)));
    return refused ? "opened" : refused.error().message();
  }

  support::Worker agent_ = house_.connect_agent();
  BuildId build_;
};
INSTANTIATE_TEST_SUITE_P(Store, Gates, testing::ValuesIn(store_kinds()), name_of);

constexpr std::string_view kDeploy = R"(
steps:
  - {command: a, key: a}
  - {block: Deploy, key: gate, prompt: Sure, blocked_state: running, fields: [{text: T, key: t}]}
  - {command: b, key: b}
)";

TEST_P(Gates, HoldWhatComesAfterThemUntilAPersonOpensThem) {
  build(kDeploy);
  EXPECT_EQ(state("gate"), JobState::Waiting);
  run("a");
  EXPECT_EQ(state("gate"), JobState::Blocked);
  EXPECT_EQ(state("b"), JobState::Waiting);
  const auto blocked = loaded();
  EXPECT_EQ(blocked.state, BuildState::Blocked);
  EXPECT_EQ(blocked.blocked_state, model::BlockedState::Running);
  EXPECT_EQ(blocked.finished_at, house_.now());
  house_.pass(1h);
  const auto opened = unblock("gate", {{"t", "text"}, {"empty", ""}});
  EXPECT_EQ(opened.follow_ups.runnable, std::vector{job("b").id});
  EXPECT_EQ(opened.follow_ups.builds, std::vector{build_});
  EXPECT_EQ(opened.job.state, JobState::Unblocked);
  ASSERT_TRUE(opened.job.unblocking && opened.job.unblocking->by);
  EXPECT_EQ(opened.job.unblocking->by->id, house_.api().user.id);
  EXPECT_EQ(opened.job.unblocking->at, house_.now());
  const auto going = loaded();
  EXPECT_EQ(going.state, BuildState::Running);
  EXPECT_EQ(going.blocked_state, std::nullopt);
  EXPECT_EQ(going.finished_at, std::nullopt);
  EXPECT_EQ(going.started_at, blocked.started_at) << "it goes on, it does not begin again";
  EXPECT_THAT(going.meta_data, Contains(Pair("t", "text")));
  EXPECT_THAT(going.meta_data, Contains(Pair("empty", "")));
  run("b");
  EXPECT_EQ(state(), BuildState::Passed);
}

TEST_P(Gates, KeepWhatTheyAsk) {
  build(R"(
steps:
  - block: B
    key: gate
    prompt: P
    submit: S
    allowed_teams: [x]
    fields:
      - {text: T, key: t, hint: H, required: false, default: D, format: "[0-9]"}
      - {select: S, key: s, multiple: true, default: [o], options: [{label: O, value: o}]}
)");
  const auto parsed = job("gate").step.gate;
  ASSERT_TRUE(parsed);
  house_.reopen();
  EXPECT_EQ(job("gate").step.gate, parsed);
  EXPECT_EQ(parsed->fields.at(1).options.at(0).value, "o");
}

TEST_P(Gates, AreOpenedOnceAndOnlyWhenNothingElseIsMissing) {
  build(kDeploy);
  EXPECT_EQ(refusal(command("gate")), "The job's state must be blocked");
  EXPECT_EQ(refusal(command("a")), "This job type cannot be unblocked");
  run("a");
  auto stranger = command("gate");
  stranger.by = UserId::make();
  EXPECT_EQ(refusal(stranger), "Unblocker is not a valid user id for this organization");
  auto endless = command("gate", {{"t", std::string(200'000, 'x')}});
  EXPECT_THAT(refusal(endless), testing::HasSubstr("too long"));
  EXPECT_THAT(loaded().meta_data, IsEmpty()) << "all or nothing";
  unblock("gate");
  EXPECT_EQ(refusal(command("gate")), "The job's state must be blocked");
  EXPECT_EQ(house_.error_of(house_.store().unblock_job({.job = JobId::make()})), Errc::NotFound);
}

TEST_P(Gates, TellWhoOpenedThemToTheJobsBehind) {
  build(kDeploy);
  run("a");
  house_.pass(1s);
  unblock("gate");
  const auto accepted = house_.accept(agent_, job("b").id);
  EXPECT_THAT(accepted.env, Contains(Pair("BUILDKITE_UNBLOCKER", house_.api().user.name)));
  EXPECT_THAT(accepted.env, Contains(Pair("BUILDKITE_UNBLOCKER_ID", house_.api().user.id.str())));
  const auto before = house_.get(house_.store().job_environment(job("a").id, ""));
  EXPECT_THAT(before, testing::Not(Contains(Pair("BUILDKITE_UNBLOCKER", testing::_))));
}

TEST_P(Gates, ThatAreInputsHoldNothingButTheEndOfTheBuild) {
  build("steps: [{input: i, key: i}, {command: a, key: a}, wait, {command: b, key: b}]");
  EXPECT_EQ(state("i"), JobState::Blocked);
  EXPECT_EQ(state(), BuildState::Scheduled);
  run("a");
  EXPECT_EQ(state(), BuildState::Running);
  run("b");
  EXPECT_EQ(state(), BuildState::Blocked);
  unblock("i");
  const auto over = loaded();
  EXPECT_EQ(over.state, BuildState::Passed);
  EXPECT_EQ(over.finished_at, house_.now());
}

TEST_P(Gates, OpenedWhileOthersRunLeaveTheBuildRunning) {
  build("steps: [{input: i, key: i}, {command: a, key: a}, {command: b, key: b, depends_on: i}]");
  EXPECT_EQ(unblock("i").follow_ups.runnable, std::vector{job("b").id});
  run("a");
  EXPECT_EQ(state(), BuildState::Running);
  run("b");
  EXPECT_EQ(state(), BuildState::Passed);
}

TEST_P(Gates, AloneMakeABuildThatPasses) {
  build("steps: [{block: x, key: x}]");
  EXPECT_EQ(state(), BuildState::Blocked);
  EXPECT_EQ(loaded().started_at, std::nullopt);
  unblock("x");
  EXPECT_EQ(state(), BuildState::Passed);
}

TEST_P(Gates, CannotBeOpenedAfterAFailureUntilItIsMended) {
  build(kDeploy);
  run("a", 1);
  EXPECT_EQ(state("gate"), JobState::BlockedFailed);
  EXPECT_EQ(state("b"), JobState::WaitingFailed);
  EXPECT_EQ(state(), BuildState::Failed);
  EXPECT_EQ(refusal(command("gate")), "The job's state must be blocked");
  house_.get(house_.store().retry_job({.job = job("a").id, .now = house_.now()}));
  EXPECT_EQ(state("gate"), JobState::Waiting);
  EXPECT_EQ(state("b"), JobState::Waiting);
  const auto jobs = house_.get(house_.store().jobs({.builds = {build_}, .include_retried = false}));
  run("a");
  EXPECT_EQ(state("gate"), JobState::Blocked);
  EXPECT_EQ(state(), BuildState::Blocked);
  unblock("gate");
  run("b");
  EXPECT_EQ(state(), BuildState::Passed);
}

TEST_P(Gates, CloseAgainWhenWhatTheyWaitedForIsTriedAgainAndFails) {
  build(R"(
steps:
  - {command: a, key: a, retry: {manual: {permit_on_passed: true}}}
  - {block: x, key: gate}
)");
  run("a");
  house_.get(house_.store().retry_job({.job = job("a").id, .now = house_.now()}));
  EXPECT_EQ(state("gate"), JobState::Blocked);
  EXPECT_EQ(state(), BuildState::Running);
  run("a", 1);
  EXPECT_EQ(state("gate"), JobState::BlockedFailed);
  EXPECT_EQ(state(), BuildState::Failed);
}

TEST_P(Gates, ShowAFailureBesideThem) {
  build("steps: [{input: i, key: i}, {command: a, key: a}]");
  run("a", 1);
  const auto blocked = loaded();
  EXPECT_EQ(blocked.state, BuildState::Blocked);
  EXPECT_EQ(blocked.counts.hard_failed, 1);
  unblock("i");
  EXPECT_EQ(state(), BuildState::Failed);
}

TEST_P(Gates, EndWithACanceledBuild) {
  build(kDeploy);
  run("a");
  house_.pass(1h);
  const auto canceled = house_.get(house_.store().cancel_build({build_, "", house_.now()}));
  EXPECT_EQ(canceled.build.state, BuildState::Canceled);
  EXPECT_EQ(canceled.build.finished_at, house_.now());
  EXPECT_EQ(state("gate"), JobState::Canceled);
  EXPECT_EQ(state("b"), JobState::Canceled);
  EXPECT_EQ(refusal(command("gate")), "Jobs from canceled builds cannot be unblocked");
}

TEST_P(Gates, TellWhatHappensToThemAsEvents) {
  build(kDeploy);
  run("a");
  const auto before = loaded().last_event;
  unblock("gate", {{"t", "x"}});
  const auto slice = house_.get(house_.store().build_events({.build = build_, .after = before}));
  std::vector<model::BuildEventKind> kinds;
  for (const auto& event : slice.events) kinds.push_back(event.kind);
  using enum model::BuildEventKind;
  EXPECT_THAT(kinds, testing::ElementsAre(MetaDataSet, JobChanged, JobChanged, BuildChanged));
  const auto& gate = std::get<model::JobEventSubject>(slice.events.at(1).subject).job;
  EXPECT_EQ(gate.state, JobState::Unblocked);
  EXPECT_EQ(gate.step.kind, model::StepKind::Block);
  EXPECT_EQ(std::get<BuildState>(slice.events.at(3).subject), BuildState::Running);
}

TEST_P(Gates, AreFoundByTheState) {
  build(kDeploy);
  run("a");
  const auto found = house_.get(house_.store().builds({.states = {BuildState::Blocked}}, {1, 10}));
  ASSERT_EQ(found.items.size(), 1u);
  EXPECT_EQ(found.items[0].id, build_);
  const auto jobs =
      house_.get(house_.store().jobs({.builds = {build_}, .states = {JobState::Blocked}}));
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].id, job("gate").id);
}

/// Most blocks are never opened: their builds must not stay for ever.
TEST_P(Gates, AreRemovedWithABuildThatHasBeenBlockedForLong) {
  build(kDeploy);
  run("a");
  house_.pass(std::chrono::days(90));
  const auto expired =
      house_.get(house_.store().expired_builds({.terms = {}, .now = house_.now()}));
  EXPECT_THAT(expired, Contains(ExpiredBuild{build_}));
  while (house_.get(house_.store().remove_expired({{build_}})).more) {
  }
  EXPECT_EQ(house_.error_of(house_.store().build(build_)), Errc::NotFound);
}

TEST_P(Gates, OpenedInTimeKeepTheirBuild) {
  build(kDeploy);
  run("a");
  house_.pass(std::chrono::days(90));
  unblock("gate");
  EXPECT_THAT(house_.get(house_.store().expired_builds({.terms = {}, .now = house_.now()})),
              IsEmpty());
  EXPECT_EQ(house_.error_of(house_.store().remove_expired({{build_}})), Errc::Conflict);
}

class GateUpload : public Gates {
 protected:
  void begin(std::string_view yaml) {
    build(yaml);
    uploader_ = job("up").id;
    house_.accept(agent_, uploader_);
    house_.start(agent_, uploader_);
  }
  void upload(std::string_view json, bool replace = false) {
    const auto change = house_.get(
        house_.store().upload_pipeline({.agent = agent_.id,
                                        .job = uploader_,
                                        .uuid = "uuid-" + std::to_string(++uuids_),
                                        .replace = replace,
                                        .definition = pipeline::parse_upload(json).value(),
                                        .now = house_.now()}));
    EXPECT_EQ(change.upload.message, "");
  }
  void end() { house_.finish(agent_, uploader_); }

  JobId uploader_;
  int uuids_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Store, GateUpload, testing::ValuesIn(store_kinds()), name_of);

TEST_P(GateUpload, BringsBlocksThatHoldWhatComesAfter) {
  begin("steps: [{command: up, key: up}, wait, {command: z, key: z}]");
  upload(R"([{"command": "a", "key": "a"}, {"block": "x", "key": "x"}, {"command": "b", "key": "b"},
             {"input": "i", "key": "i"}])");
  end();
  EXPECT_EQ(state("x"), JobState::Waiting);
  EXPECT_EQ(state("i"), JobState::Blocked) << "it waits for its uploader alone";
  run("a");
  EXPECT_EQ(state(), BuildState::Blocked);
  unblock("x");
  run("b");
  EXPECT_EQ(state("z"), JobState::Scheduled) << "no wait waits for an input";
  run("z");
  EXPECT_EQ(state(), BuildState::Blocked);
  unblock("i");
  EXPECT_EQ(state(), BuildState::Passed);
}

TEST_P(GateUpload, IsHeldByTheBlocksBeforeItsPlace) {
  begin(R"([{command: a, key: a}, {block: x, key: x, depends_on: a},
            {command: up, key: up, depends_on: ~}])");
  upload(R"([{"command": "b", "key": "b"}])");
  end();
  EXPECT_EQ(state("b"), JobState::Waiting);
  run("a");
  EXPECT_EQ(state("b"), JobState::Waiting);
  unblock("x");
  EXPECT_EQ(state("b"), JobState::Scheduled);
}

TEST_P(GateUpload, MayReplaceGatesThatNobodyHasOpened) {
  begin("[{command: up, key: up}, {input: i, key: i}, {input: j, key: j}, {block: x, key: x}]");
  unblock("j");
  EXPECT_EQ(loaded().counts.blocked, 1);
  upload(R"([{"command": "b", "key": "b"}])", true);
  EXPECT_EQ(loaded().counts.blocked, 0);
  EXPECT_EQ(state("j"), JobState::Unblocked);
  end();
  run("b");
  EXPECT_EQ(state(), BuildState::Passed);
}

/// Whatever order things happen in, the counters of a build say what its jobs say, and it never
/// rests while something can go on without a person.
TEST_P(Gates, LeaveNoBuildBehindWhateverTheOrder) {
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    std::string yaml = "steps:\n";
    for (int at = 0; at < 8; ++at) {
      const std::string key = ", key: s" + std::to_string(at);
      const bool depends = at > 0 && random() % 3 == 0;
      const std::string on =
          depends ? ", depends_on: s" + std::to_string(random() % static_cast<unsigned>(at)) : "";
      constexpr const char* kKinds[] = {"command", "command", "block", "input", "wait"};
      yaml += std::string("  - {") + kKinds[random() % 5] + ": x" + key + on + "}\n";
    }
    build(yaml);
    for (int moves = 0; moves < 60 && !is_terminal(state()); ++moves) {
      const auto all = house_.get(house_.store().jobs({.builds = {build_}}));
      std::vector<model::Job> movable;
      model::JobCounts counts;
      for (const auto& one : all) {
        counts += standing_of(one.step.kind, one.state);
        const bool can_move = one.state == JobState::Scheduled || one.state == JobState::Blocked;
        if (can_move) movable.push_back(one);
      }
      const auto kept = loaded();
      EXPECT_EQ(kept.counts.open, counts.open) << yaml;
      EXPECT_EQ(kept.counts.waiting, counts.waiting) << yaml;
      EXPECT_EQ(kept.counts.blocked, counts.blocked) << yaml;
      const bool has_command = std::ranges::any_of(
          movable, [](const auto& one) { return one.state == JobState::Scheduled; });
      EXPECT_EQ(kept.state == BuildState::Blocked, !has_command) << yaml;
      ASSERT_FALSE(movable.empty()) << "the build is stuck: " << yaml;
      const auto& next = movable[random() % movable.size()];
      if (next.state == JobState::Blocked) {
        house_.get(house_.store().unblock_job({.job = next.id, .now = house_.now()}));
      } else {
        house_.run_job(agent_, next.id, random() % 6 == 0 ? 1 : 0);
      }
    }
    EXPECT_TRUE(is_terminal(state())) << yaml;
  }
}

}  // namespace
}  // namespace ostler::store
