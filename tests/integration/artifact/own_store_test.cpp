// SPDX-License-Identifier: Apache-2.0
// Artifacts in stores of a person's own, by the commands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "files/file.hpp"
#include "support/child_program.hpp"
#include "support/fake_artifact_store.hpp"
#include "support/fake_s3.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using support::FakeS3;
using testing::HasSubstr;
using testing::Not;

class OwnStoreTest : public testing::Test {
 protected:
  OwnStoreTest() {
    std::filesystem::create_directories(directory_ / "out");
    std::filesystem::create_directories(directory_ / "back");
    environment_ = {{"BUILDKITE_AGENT_ENDPOINT", server_.endpoint()},
                    {"BUILDKITE_AGENT_ACCESS_TOKEN", "t"},
                    {"BUILDKITE_AGENT_JOB_API_SOCKET", ""},
                    {"BUILDKITE_JOB_ID", "j"},
                    {"BUILDKITE_BUILD_ID", "b"},
                    {"HOME", directory_.path().string()},
                    {"AWS_EC2_METADATA_DISABLED", "true"}};
  }

  void write(const std::string& name, const std::string& content) const {
    std::ofstream(directory_ / name) << content;
  }

  support::ProgramResult artifact(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {support::host_program(), "artifact"});
    return support::run_program(arguments,
                                {.environment = environment_, .directory = directory_.path()});
  }

  support::TempDirectory directory_;
  support::FakeArtifactStore server_;
  std::map<std::string, std::string> environment_;
};

class OwnS3Test : public OwnStoreTest {
 protected:
  OwnS3Test() {
    environment_.insert({{"BUILDKITE_S3_ENDPOINT", s3_.url()},
                         {"BUILDKITE_S3_ACCESS_KEY_ID", FakeS3::kKey},
                         {"BUILDKITE_S3_SECRET_ACCESS_KEY", FakeS3::kSecret}});
  }

  FakeS3 s3_;
};

TEST_F(OwnS3Test, BringsBackWhatItKeepsInABucket) {
  for (int i = 0; i < 40; ++i) write("out/f" + std::to_string(i), "content " + std::to_string(i));
  const auto up = artifact({"upload", "out/*", "s3://my-bucket/ci/7"});
  ASSERT_EQ(up.code, 0) << up.err;
  ASSERT_EQ(s3_.objects().size(), 40u);
  EXPECT_EQ(s3_.objects().at("ci/7/out/f39").content, "content 39");
  for (const auto& stored : server_.stored()) {
    EXPECT_EQ(stored.state, "finished");
    EXPECT_EQ(stored.artifact.upload_destination, "s3://my-bucket/ci/7");
    EXPECT_EQ(stored.artifact.url,
              "https://my-bucket.s3.amazonaws.com/ci/7/" + stored.artifact.path);
    EXPECT_EQ(stored.content, "") << "no byte goes to the server";
  }
  const auto down = artifact({"download", "*", "back"});
  ASSERT_EQ(down.code, 0) << down.err;
  EXPECT_EQ(files::read_file(directory_ / "back/out/f7").value(), "content 7");
  const auto found = artifact({"search", "*", "--format", "%u\\n"});
  EXPECT_THAT(found.out, HasSubstr("https://my-bucket.s3.amazonaws.com/ci/7/out/f7\n"));
}

TEST_F(OwnS3Test, TakesItsDestinationFromTheEnvironment) {
  environment_["BUILDKITE_ARTIFACT_UPLOAD_DESTINATION"] = "s3://my-bucket";
  write("a", "x");
  ASSERT_EQ(artifact({"upload", "a"}).code, 0);
  EXPECT_EQ(s3_.objects().at("a").content, "x");
}

TEST_F(OwnS3Test, ReportsWhatTheBucketRefusesAndNeverASecret) {
  environment_["BUILDKITE_S3_SESSION_TOKEN"] = "a-session-token";
  write("out/a", "x");
  const auto up = artifact({"upload", "out/*", "s3://my-bucket/ci"});
  EXPECT_EQ(up.code, 1);
  EXPECT_THAT(up.err, HasSubstr("out/a: s3://my-bucket/ci/out/a: the store answered 403"));
  EXPECT_EQ(server_.stored()[0].state, "error");
  for (const char* secret : {FakeS3::kSecret, "a-session-token", "Signature="}) {
    EXPECT_THAT(up.out + up.err, Not(HasSubstr(secret)));
  }
}

TEST_F(OwnS3Test, KeepsNothingOfOtherContentThanDeclared) {
  write("out/a", "right");
  ASSERT_EQ(artifact({"upload", "out/*", "s3://my-bucket"}).code, 0);
  s3_.put("out/a", "wrong");
  const auto down = artifact({"download", "*", "back"});
  EXPECT_EQ(down.code, 1);
  EXPECT_THAT(down.err, HasSubstr("out/a: its SHA-256 is"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "back/out/a"));
}

TEST_F(OwnStoreTest, SaysWhichCredentialsToSetAndDeclaresNothing) {
  write("out/a", "x");
  environment_["BUILDKITE_S3_ENDPOINT"] = "http://127.0.0.1:1";
  environment_["BUILDKITE_S3_ACL"] = "everybody";
  const auto acl = artifact({"upload", "out/*", "s3://my-bucket"});
  EXPECT_EQ(acl.code, 1);
  EXPECT_THAT(acl.err, HasSubstr("\"everybody\" is no ACL of S3"));
  EXPECT_TRUE(server_.calls().empty());
  environment_["BUILDKITE_S3_ACL"] = "private";
  const auto none = artifact({"upload", "out/*", "s3://my-bucket"});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("no AWS credentials: set BUILDKITE_S3_ACCESS_KEY_ID"));
  EXPECT_TRUE(server_.calls().empty()) << "a fault of all files is said before any is declared";
}

}  // namespace
}  // namespace ostler
