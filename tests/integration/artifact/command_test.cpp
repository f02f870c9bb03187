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

TEST_F(ArtifactCommandTest, FailsOnABrokenGlobAMissingNameAndAnUnknownDestination) {
  std::ofstream(directory_ / "a") << "x";
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"upload", "[a"},
                                                    {"upload", "--literal", "nope"},
                                                    {"upload", "a", "ftp://host/x"}}) {
    const auto up = artifact(arguments);
    EXPECT_EQ(up.code, 1) << arguments[1];
    EXPECT_THAT(up.err, HasSubstr("ostler: "));
  }
}

TEST_F(ArtifactCommandTest, FailsADownloadThatFindsNothing) {
  EXPECT_EQ(artifact({"download", "x", "."}).code, 1);
}

wire::Artifact found(const std::string& path) {
  wire::Artifact artifact;
  artifact.id = "id-1";
  artifact.path = path;
  artifact.job_id = "job-1";
  artifact.file_size = 5;
  artifact.sha1sum = "aaa";
  artifact.created_at = Timestamp{1'767'319'445'000'000};
  return artifact;
}

TEST_F(ArtifactCommandTest, PrintsWhatASearchFindsInAnyFormat) {
  store_.add(found("out/a.txt"), "hello");
  store_.add(found("b"), "world");
  const auto plain = artifact({"search", "*", "--step", "my step"});
  EXPECT_EQ(plain.code, 0) << plain.err;
  EXPECT_EQ(plain.out, "job-1 out/a.txt 2026-01-02T02:04:05Z\njob-1 b 2026-01-02T02:04:05Z\n");
  EXPECT_THAT(store_.calls().back(),
              HasSubstr("/builds/b/artifacts/search?include_duplicates=true&query=%2A"
                        "&scope=my%20step&state=finished"));
  const auto all = artifact({"search", "*", "--format", R"(%i\t%s %S [%T] "%x" %%p\\)"});
  EXPECT_EQ(all.out, "id-1\t5 aaa [] \"%x\" %out/a.txt\\id-1\t5 aaa [] \"%x\" %b\\");
  EXPECT_EQ(artifact({"search", "*", "--format", R"(\q)"}).code, 1);
}

TEST_F(ArtifactCommandTest, FailsASearchThatFindsNothingUnlessThatIsFine) {
  EXPECT_EQ(artifact({"search", "x"}).code, 1);
  const auto fine = artifact({"search", "x", "--allow-empty-results"});
  EXPECT_EQ(fine.code, 0);
  EXPECT_EQ(fine.out, "");
  EXPECT_EQ(artifact({"search", "x", "--build", ""}).code, 1);
}

TEST_F(ArtifactCommandTest, PrintsTheSumOfOneArtifact) {
  EXPECT_EQ(artifact({"shasum", "a"}).code, 1) << "nothing matches";
  store_.add(found("a"), "hello");
  const auto sum = artifact({"shasum", "a"});
  EXPECT_EQ(sum.code, 0) << sum.err;
  EXPECT_EQ(sum.out, "aaa\n");
  const auto missing = artifact({"shasum", "--sha256", "a"});
  EXPECT_EQ(missing.code, 1) << "it was uploaded without one";
  EXPECT_EQ(missing.out, "");
  store_.add(found("b"), "world");
  EXPECT_EQ(artifact({"shasum", "*"}).code, 1) << "two match";
}

}  // namespace
}  // namespace ostler
