// SPDX-License-Identifier: Apache-2.0
#include "console/build_changes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::console {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using wire::RestJobProgress;

wire::RestBuildAnswer build_of_two() {
  wire::RestBuildAnswer build;
  build.pipeline = "app";
  build.number = 42;
  build.state = "scheduled";
  build.jobs.resize(2);
  for (auto& job : build.jobs) job.type = "script";
  build.jobs[0].id = build.jobs[0].name = "One";
  build.jobs[1].id = build.jobs[1].name = "Two";
  return build;
}

TEST(BuildChanges, AreToldOnce) {
  const Terminal terminal(false);
  BuildChanges changes(terminal);
  auto build = build_of_two();
  EXPECT_THAT(changes.take(build), ElementsAre("app/42  scheduled"));
  EXPECT_THAT(changes.take(build), IsEmpty());
  build.state = "running";
  build.started_at = Timestamp{1'000'000};
  build.jobs[0].progress = RestJobProgress::Running;
  build.jobs[0].started_at = Timestamp{1'000'000};
  build.jobs[0].agent_name = "box-1";
  EXPECT_THAT(changes.take(build), ElementsAre("  One  running on box-1", "app/42  running"));
  EXPECT_THAT(changes.take(build), IsEmpty());
}

TEST(BuildChanges, TellThatAJobWillFailOnce) {
  const Terminal terminal(false);
  BuildChanges changes(terminal);
  auto build = build_of_two();
  build.jobs[0].progress = RestJobProgress::Running;
  build.jobs[0].agent_name = "box-1";
  changes.take(build);
  build.jobs[0].promised_failure = {3, "lint found\x1b[2J faults"};
  EXPECT_THAT(changes.take(build),
              ElementsAre("  One  running on box-1: will fail: lint found[2J faults, promised by "
                          "the job"));
  EXPECT_THAT(changes.take(build), IsEmpty());
  build.jobs[0].progress = RestJobProgress::Failed;
  build.jobs[0].exit_status = 3;
  EXPECT_THAT(changes.take(build), ElementsAre("  One  failed: exit status 3, promised by the job: "
                                               "lint found[2J faults"));
}

TEST(BuildChanges, TellHowJobsAndTheBuildEnded) {
  const Terminal terminal(false);
  BuildChanges changes(terminal);
  auto build = build_of_two();
  changes.take(build);
  build.state = "failed";
  build.started_at = build.jobs[0].started_at = Timestamp{1'000'000};
  build.finished_at = build.jobs[0].finished_at = Timestamp{3'500'000};
  build.jobs[0].progress = RestJobProgress::Failed;
  build.jobs[0].exit_status = 2;
  build.jobs[1].progress = RestJobProgress::NotRun;
  EXPECT_THAT(changes.take(build), ElementsAre("  One  failed in 2.5s: exit status 2",
                                               "  Two  did not run", "app/42  failed in 2.5s"));
}

TEST(BuildChanges, TellWhyTheBuildWasCanceled) {
  const Terminal terminal(false);
  BuildChanges changes(terminal);
  auto build = build_of_two();
  changes.take(build);
  build.state = "canceled";
  build.started_at = Timestamp{1'000'000};
  build.finished_at = Timestamp{3'500'000};
  build.cancel_reason = "canceled by Ann\x1b[2J";
  EXPECT_THAT(changes.take(build), ElementsAre("app/42  canceled in 2.5s: canceled by Ann[2J"));
}

TEST(BuildChanges, TellWhatWaitsForAPersonAndThatItWasOpened) {
  const Terminal terminal(false);
  BuildChanges changes(terminal);
  auto build = build_of_two();
  changes.take(build);
  build.jobs[1].type = "manual";
  build.jobs[1].state = build.state = "blocked";
  build.jobs[1].progress = RestJobProgress::Blocked;
  EXPECT_THAT(changes.take(build), ElementsAre("  Two  blocked", "app/42  blocked"));
  build.jobs[1].state = "unblocked";
  build.jobs[1].progress = RestJobProgress::Passed;
  EXPECT_THAT(changes.take(build), ElementsAre("  Two  opened"));
}

}  // namespace
}  // namespace ostler::console
