// SPDX-License-Identifier: Apache-2.0
// Builds whose artifacts are kept in a store of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/child_program.hpp"
#include "support/fake_s3.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using support::FakeS3;
using testing::HasSubstr;
using testing::Not;

TEST(OwnStores, KeepTheArtifactsOfABuildAndGiveThemToItsJobs) {
  support::TempDirectory directory;
  FakeS3 s3;
  std::ofstream(directory / "pipeline.yml") << R"(
env:
  BUILDKITE_ARTIFACT_UPLOAD_DESTINATION: "s3://my-bucket/app"
steps:
  - command: "mkdir out && echo made here > out/a.txt && rm -rf again"
    artifact_paths: "out/*"
    key: make
  - command:
      - "mkdir again && ostler artifact download 'out/*' again && cat again/out/a.txt"
      - ostler artifact search 'out/*' --format '%u\n'
    depends_on: make
)";
  support::ProgramOptions options;
  options.directory = directory.path();
  options.environment = {{"TMPDIR", directory.path().string()},
                         {"BUILDKITE_S3_ENDPOINT", s3.url()},
                         {"BUILDKITE_S3_ACCESS_KEY_ID", FakeS3::kKey},
                         {"BUILDKITE_S3_SECRET_ACCESS_KEY", FakeS3::kSecret}};
  for (const std::vector<std::string>& git :
       {std::vector<std::string>{"git", "init", "-q", "-b", "main"},
        {"git", "-c", "user.name=Ann", "-c", "user.email=ann@example.com", "commit", "-q",
         "--allow-empty", "-m", "First"}}) {
    ASSERT_EQ(support::run_program(git, options).code, 0);
  }
  const auto ran = support::run_program(
      {support::ostler_program(), "run", (directory / "pipeline.yml").string()}, options);
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  ASSERT_EQ(s3.objects().size(), 1u) << ran.out << ran.err;
  EXPECT_EQ(s3.objects().begin()->first, "app/out/a.txt");
  EXPECT_EQ(s3.objects().begin()->second.content, "made here\n");
  EXPECT_THAT(ran.out, HasSubstr("made here\n"));
  EXPECT_THAT(ran.out, HasSubstr("https://my-bucket.s3.amazonaws.com/app/out/a.txt"));
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr(FakeS3::kSecret)));
}

}  // namespace
}  // namespace ostler
