// SPDX-License-Identifier: Apache-2.0
#include "artifact/upload.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "agent_client/http_transport.hpp"
#include "crypto/digest.hpp"
#include "support/fake_artifact_store.hpp"
#include "support/temp_directory.hpp"

namespace ostler::artifact {
namespace {

using namespace std::chrono_literals;
using agent_client::Growth;
using agent_client::RetryPolicy;
using agent_client::StopOn;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class UploadTest : public testing::Test {
 protected:
  UploadTest() {
    options_.job = "job.1";
    options_.batch.threads = 3;
    options_.batch.retry = RetryPolicy{3, Growth::Constant, 1ms, {}, StopOn::Nothing};
  }

  void write(const std::string& name, const std::string& content) const {
    std::ofstream(directory_ / name) << content;
  }

  Result<void> upload_matching(const std::string& globs) {
    const auto files = find_files(globs, {}, directory_.path(), [](const std::string&) {});
    return upload(files.value(), options_, transport_, [](const std::string&) {});
  }

  support::TempDirectory directory_;
  support::FakeArtifactStore store_;
  UploadOptions options_;
  agent_client::HttpTransport transport_{{store_.endpoint(), Secret("token"), {}}};
};

TEST_F(UploadTest, BringsContentAndDescription) {
  write("a.txt", "hello");
  write("empty", "");
  ASSERT_TRUE(upload_matching("*"));
  const auto stored = store_.stored();
  ASSERT_EQ(stored.size(), 2u);
  EXPECT_EQ(stored[0].artifact.path, "a.txt");
  EXPECT_EQ(stored[0].artifact.absolute_path, (directory_ / "a.txt").string());
  EXPECT_EQ(stored[0].artifact.file_size, 5);
  EXPECT_EQ(stored[0].artifact.sha256sum, crypto::sha256_hex("hello"));
  EXPECT_EQ(stored[0].artifact.content_type, "text/plain");
  EXPECT_EQ(stored[0].content, "hello");
  EXPECT_EQ(stored[0].state, "finished");
  EXPECT_EQ(stored[1].content, "");
  EXPECT_EQ(stored[1].state, "finished");
  EXPECT_EQ(store_.last_authorization(), "Token token");
}

TEST_F(UploadTest, DeclaresThirtyAtATimeAndReportsABatchBeforeTheNext) {
  for (int i = 0; i < 65; ++i) write("f" + std::to_string(i), std::to_string(i));
  ASSERT_TRUE(upload_matching("f*"));
  EXPECT_THAT(store_.batches(), ElementsAre(30u, 30u, 5u));
  for (const auto& stored : store_.stored()) {
    EXPECT_EQ(stored.state, "finished");
    EXPECT_EQ("f" + stored.content, stored.artifact.path);
  }
  std::string kinds;
  for (const std::string& call : store_.calls()) {
    if (call.starts_with("POST /v3/jobs/job%2E1/artifacts")) kinds += 'c';
    if (call.starts_with("PUT /v3/jobs/job%2E1/artifacts")) kinds += 'u';
  }
  EXPECT_EQ(kinds.front(), 'c');
  EXPECT_EQ(kinds.back(), 'u');
  EXPECT_THAT(kinds, Not(HasSubstr("cc")));
}

TEST_F(UploadTest, SendsPartsWithTheirTags) {
  store_.split_from(10, 3);
  write("big", "0123456789abc");
  write("small", "x");
  ASSERT_TRUE(upload_matching("*"));
  const auto stored = store_.stored();
  EXPECT_EQ(stored[0].content, "0123456789abc");
  EXPECT_TRUE(stored[0].multipart);
  ASSERT_EQ(stored[0].etags.size(), 3u);
  EXPECT_EQ(stored[0].etags[0].part_number, 1);
  EXPECT_EQ(stored[0].etags[2].etag, "\"etag3\"");
  EXPECT_FALSE(stored[1].multipart);
}

TEST_F(UploadTest, TellsASinglePartsTagButDoesNotCallItMultipart) {
  store_.split_from(1, 1);
  write("one", "x");
  ASSERT_TRUE(upload_matching("one"));
  EXPECT_FALSE(store_.stored()[0].multipart);
  EXPECT_EQ(store_.stored()[0].etags.size(), 1u);
}

TEST_F(UploadTest, GoesOnAfterFailuresThatHeal) {
  store_.set_faults({.refuse_creates = 1, .refuse_uploads = 2, .refuse_updates = 1});
  write("a", "x");
  ASSERT_TRUE(upload_matching("a"));
  EXPECT_EQ(store_.stored()[0].state, "finished");
  EXPECT_THAT(store_.batches(), ElementsAre(1u));
}

TEST_F(UploadTest, ReportsTheFileThatDoesNotArriveAndBringsTheOthers) {
  store_.set_faults({.only_upload_fails = "b"});
  for (const char* name : {"a", "b", "c"}) write(name, name);
  const auto done = upload_matching("*");
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(), HasSubstr("b: the store answered 500"));
  std::map<std::string, std::string> states;
  for (const auto& stored : store_.stored()) states[stored.artifact.path] = stored.state;
  EXPECT_EQ(states, (std::map<std::string, std::string>{
                        {"a", "finished"}, {"b", "error"}, {"c", "finished"}}));
}

TEST_F(UploadTest, FailsAPartWithoutATag) {
  store_.split_from(1, 2);
  store_.set_faults({.no_etag = true});
  write("a", "xy");
  const auto done = upload_matching("a");
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(), HasSubstr("without an ETag"));
  EXPECT_EQ(store_.stored()[0].state, "error");
}

TEST_F(UploadTest, StopsAtOnceWhenTheServerRefuses) {
  store_.set_faults({.create_status = 403});
  write("a", "x");
  const auto done = upload_matching("a");
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(), HasSubstr("403 (told to fail)"));
  EXPECT_EQ(store_.calls().size(), 1u);
}

}  // namespace
}  // namespace ostler::artifact
