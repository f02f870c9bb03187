// SPDX-License-Identifier: Apache-2.0
#include "model/step_jobs.hpp"

#include <gtest/gtest.h>

namespace ostler::model {
namespace {

TEST(StepJobs, AreOneUnlessTheStepSaysMore) {
  EXPECT_EQ(count_jobs({}), 1u);
  const auto jobs = jobs_of({});
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].variation.parallel_index, std::nullopt);
  EXPECT_EQ(jobs[0].broken_reason, std::nullopt);
}

TEST(StepJobs, OfAParallelStepAreNumbered) {
  StepDefinition step;
  step.parallelism = 3;
  EXPECT_EQ(count_jobs(step), 3u);
  const auto jobs = jobs_of(step);
  ASSERT_EQ(jobs.size(), 3u);
  EXPECT_EQ(jobs[2].variation.parallel_index, 2);
  EXPECT_EQ(jobs[2].variation.parallel_total, 3);
  step.parallelism = 1;
  EXPECT_EQ(jobs_of(step).at(0).variation.parallel_total, 1);
  step.parallelism = 0;
  EXPECT_EQ(jobs_of(step).at(0).broken_reason, "parallelism_zero");
}

TEST(StepJobs, OfAMatrixAreItsCombinationsWithTheirAdjustments) {
  StepDefinition step;
  step.soft_fail.exit_statuses = {3};
  step.matrix = Matrix{
      .dimensions = {{"os", {"linux", "mac"}}, {"arch", {"x86", "arm"}}},
      .adjustments = {{.with = {{"os", "linux"}, {"arch", "arm"}}, .skip = "no box"},
                      {.with = {{"os", "bsd"}, {"arch", "x86"}}, .soft_fail = SoftFail{true}}}};
  EXPECT_EQ(count_jobs(step), 5u);
  const auto jobs = jobs_of(step);
  ASSERT_EQ(jobs.size(), 5u);
  EXPECT_EQ(jobs[0].variation.matrix, (MatrixValues{{"os", "linux"}, {"arch", "x86"}}));
  EXPECT_EQ(jobs[0].soft_fail.exit_statuses, std::vector{3});
  EXPECT_EQ(jobs[1].broken_reason, "no box");
  EXPECT_EQ(jobs[4].variation.matrix, (MatrixValues{{"os", "bsd"}, {"arch", "x86"}}));
  EXPECT_TRUE(jobs[4].soft_fail.any);
}

TEST(StepJobs, OfASkippedStepDoNotRun) {
  StepDefinition step;
  step.parallelism = 2;
  step.skip = "";
  for (const StepJob& job : jobs_of(step)) EXPECT_EQ(job.broken_reason, "");
}

TEST(Variation, PutsTheJobsNumberIntoItsLabel) {
  const Variation second{.parallel_index = 1, .parallel_total = 4};
  EXPECT_EQ(varied_label("%n %N %t %T %x 100%", second), "1 2 4 4 %x 100%");
  EXPECT_EQ(varied_label("%n", {}), "%n") << "not parallel";
}

TEST(Variation, PutsTheMatrixValuesIntoTexts) {
  const Variation simple{.matrix = {{"", "a"}}};
  EXPECT_EQ(varied("{{matrix}} {{ matrix }} {{matrix.x}} {{matrixx}}", simple),
            "a a {{matrix.x}} {{matrixx}}");
  const Variation named{.matrix = {{"os", "linux"}, {"1", "one"}}};
  EXPECT_EQ(varied("{{matrix.os}}-{{  matrix.1 }}{{{matrix.os}}}", named), "linux-one{linux}");
  EXPECT_EQ(varied("{{matrix.}} {{matrix", named), "{{matrix.}} {{matrix");
}

}  // namespace
}  // namespace ostler::model
