// SPDX-License-Identifier: Apache-2.0
#include "model/job_environment.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ostler::model {
namespace {

std::string value(const Variables& environment, std::string_view name) {
  const auto at = std::ranges::find(environment, name, &Variables::value_type::first);
  return at == environment.end() ? "(absent)" : at->second;
}

TEST(JobEnvironment, LetsLaterLayersWinAndStandardVariablesLast) {
  JobSurroundings all;
  all.pipeline_env = {{"A", "pipeline"}, {"B", "pipeline"}, {"C", "pipeline"}};
  all.build.request.env = {{"B", "build"}, {"C", "build"}, {"BUILDKITE_COMMAND", "forged"}};
  all.job.step.env = {{"C", "step"}};
  all.job.step.command = "make";
  const auto environment = render_job_environment(all);
  EXPECT_EQ(value(environment, "A") + value(environment, "B") + value(environment, "C"),
            "pipelinebuildstep");
  EXPECT_EQ(value(environment, "BUILDKITE_COMMAND"), "make");
  EXPECT_TRUE(std::ranges::is_sorted(environment));
}

TEST(JobEnvironment, SaysFalseWhereThereIsNoPullRequest) {
  JobSurroundings all;
  EXPECT_EQ(value(render_job_environment(all), "BUILDKITE_PULL_REQUEST"), "false");
  all.build.request.pull_request = PullRequest{"7", "main", "https://git.example/fork.git"};
  EXPECT_EQ(value(render_job_environment(all), "BUILDKITE_PULL_REQUEST"), "7");
}

TEST(JobEnvironment, HasEveryVariableThatAnAgentCannotDoWithout) {
  JobSurroundings all;
  all.agent.emplace();
  const auto environment = render_job_environment(all);
  for (const char* name :
       {"BUILDKITE_JOB_ID", "BUILDKITE_REPO", "BUILDKITE_COMMIT", "BUILDKITE_BRANCH",
        "BUILDKITE_AGENT_NAME", "BUILDKITE_ORGANIZATION_SLUG", "BUILDKITE_PIPELINE_SLUG",
        "BUILDKITE_PIPELINE_PROVIDER", "BUILDKITE_COMMAND", "BUILDKITE_BUILD_ID"}) {
    EXPECT_NE(value(environment, name), "(absent)") << name;
  }
}

TEST(JobEnvironment, FillsInWhatIsKnownOnceABuildIsMade) {
  JobSurroundings all;
  all.build.number = 42;
  all.organization.slug = "acme";
  all.pipeline.settings.slug = "app";
  all.public_url = "http://hub";
  all.pipeline_env = {{"A", "${BUILDKITE_BUILD_NUMBER}a-${BUILDKITE_BUILD_NUMBER}"}};
  all.build.request.env = {{"B", "${BUILDKITE_BUILD_NUMBER}"}};
  all.job.step.env = {{"C", "<${BUILDKITE_BUILD_URL}> $BUILDKITE_BUILD_NUMBER ${HOME}"}};
  all.job.step.artifact_paths = "out-${BUILDKITE_BUILD_NUMBER}/*";
  all.job.step.command = "echo ${BUILDKITE_BUILD_NUMBER}";
  const auto environment = render_job_environment(all);
  EXPECT_EQ(value(environment, "A"), "42a-42");
  EXPECT_EQ(value(environment, "B"), "${BUILDKITE_BUILD_NUMBER}") << "a person wrote it";
  EXPECT_EQ(value(environment, "C"),
            "<http://hub/acme/app/builds/42> $BUILDKITE_BUILD_NUMBER ${HOME}");
  EXPECT_EQ(value(environment, "BUILDKITE_ARTIFACT_PATHS"), "out-42/*");
  EXPECT_EQ(value(environment, "BUILDKITE_COMMAND"), "echo ${BUILDKITE_BUILD_NUMBER}");
}

TEST(JobEnvironment, MakesAVariableOfEachTag) {
  JobSurroundings all;
  all.agent.emplace().description.tags = {"queue=default", "os.version=12=x", "gpu"};
  const auto environment = render_job_environment(all);
  EXPECT_EQ(value(environment, "BUILDKITE_AGENT_META_DATA_QUEUE"), "default");
  EXPECT_EQ(value(environment, "BUILDKITE_AGENT_META_DATA_OS_VERSION"), "12=x");
  EXPECT_EQ(value(environment, "BUILDKITE_AGENT_META_DATA_GPU"), "true");
}

}  // namespace
}  // namespace ostler::model
