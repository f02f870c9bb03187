// SPDX-License-Identifier: Apache-2.0
#include "worker/host_directory.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ostler::worker {
namespace {

using environment::Variables;

Variables job_of(const std::string& endpoint, const std::string& pipeline) {
  return {{"BUILDKITE_AGENT_ENDPOINT", endpoint},
          {"BUILDKITE_ORGANIZATION_SLUG", "acme"},
          {"BUILDKITE_PIPELINE_ID", pipeline},
          {"BUILDKITE_PIPELINE_SLUG", "app"}};
}

std::string name_of(const std::string& plugin, const Variables& job, const std::string& run = "") {
  return host_directory_name(plugin, job, run).value();
}

TEST(HostDirectory, IsThatOfOnePluginAndPipelineOfOneServer) {
  const std::set<std::string> names = {
      name_of("go", job_of("https://one", "a")), name_of("go", job_of("https://one", "b")),
      name_of("go", job_of("https://two", "a")), name_of("rust", job_of("https://one", "a"))};
  EXPECT_EQ(names.size(), 4u);
  EXPECT_EQ(name_of("go", job_of("https://one", "a")), name_of("go", job_of("https://one", "a")));
  EXPECT_TRUE(name_of("go", job_of("https://one", "a")).starts_with("go-"));
}

TEST(HostDirectory, IsNoneWhereTheJobTellsNoPipeline) {
  for (const auto& job : {job_of("", "a"), job_of("https://one", ""), Variables()}) {
    const auto refused = host_directory_name("go", job, "");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Errc::Unavailable);
  }
}

TEST(HostDirectory, IsThatOfTheRepositoryInARunOfIt) {
  const std::string first = name_of("go", job_of("http://a", "a"), "http://a /repository");
  EXPECT_EQ(first, name_of("go", job_of("http://b", "b"), "http://b /repository"));
  EXPECT_NE(first, name_of("go", job_of("http://b", "b"), "http://b /other"));
  EXPECT_EQ(name_of("go", job_of("http://c", "a"), "http://a /repository"),
            name_of("go", job_of("http://c", "a")))
      << "an agent that a job of the run has started for another server";
}

}  // namespace
}  // namespace ostler::worker
