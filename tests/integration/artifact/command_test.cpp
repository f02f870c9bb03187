// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "files/file.hpp"
#include "support/child_program.hpp"
#include "support/fake_artifact_store.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using testing::HasSubstr;

class ArtifactCommandTest : public testing::Test {
 protected:
  support::ProgramResult artifact(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {support::host_program(), "artifact"});
    return support::run_program(arguments,
                                {.environment = {{"BUILDKITE_AGENT_ENDPOINT", store_.endpoint()},
                                                 {"BUILDKITE_AGENT_ACCESS_TOKEN", "t"},
                                                 {"BUILDKITE_AGENT_JOB_API_SOCKET", ""},
                                                 {"BUILDKITE_JOB_ID", "j"},
                                                 {"BUILDKITE_BUILD_ID", "b"}},
                                 .directory = directory_.path()});
  }

  support::TempDirectory directory_;
  support::FakeArtifactStore store_;
};

TEST_F(ArtifactCommandTest, BringsBackWhatWasUploaded) {
  std::ofstream(directory_ / "a.bin") << std::string(300'000, 'q');
  std::filesystem::create_directory(directory_ / "back");
  const auto up = artifact({"upload", "*.bin"});
  ASSERT_EQ(up.code, 0) << up.err;
  EXPECT_EQ(up.out, "");
  EXPECT_THAT(up.err, HasSubstr("Artifact uploads completed successfully"));
  const auto down = artifact({"download", "*.bin", "back"});
  ASSERT_EQ(down.code, 0) << down.err;
  EXPECT_EQ(files::read_file(directory_ / "back/a.bin").value(), std::string(300'000, 'q'));
}

TEST_F(ArtifactCommandTest, SucceedsWithoutACallWhenNothingMatches) {
  const auto up = artifact({"upload", "nothing/*"});
  EXPECT_EQ(up.code, 0) << up.err;
  EXPECT_THAT(up.err, HasSubstr("No files matched paths: nothing/*"));
  EXPECT_TRUE(store_.calls().empty());
}

TEST_F(ArtifactCommandTest, FailsOnABrokenGlobAMissingNameAndAForeignDestination) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"upload", "[a"},
                                                    {"upload", "--literal", "nope"},
                                                    {"upload", "a", "s3://bucket"}}) {
    const auto up = artifact(arguments);
    EXPECT_EQ(up.code, 1) << arguments[1];
    EXPECT_THAT(up.err, HasSubstr("ostler: "));
  }
}

TEST_F(ArtifactCommandTest, FailsADownloadThatFindsNothing) {
  EXPECT_EQ(artifact({"download", "x", "."}).code, 1);
}

}  // namespace
}  // namespace ostler
