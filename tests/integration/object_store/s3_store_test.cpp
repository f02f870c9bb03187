// SPDX-License-Identifier: Apache-2.0
#include "object_store/s3_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "support/fake_s3.hpp"
#include "support/given_variables.hpp"
#include "support/temp_directory.hpp"

namespace ostler::object_store {
namespace {

using namespace std::chrono_literals;
using agent_client::Growth;
using support::FakeS3;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class S3StoreTest : public testing::Test {
 protected:
  S3StoreTest() {
    variables_ = {{"BUILDKITE_S3_ENDPOINT", s3_.url()},
                  {"BUILDKITE_S3_ACCESS_KEY_ID", FakeS3::kKey},
                  {"BUILDKITE_S3_SECRET_ACCESS_KEY", FakeS3::kSecret},
                  {"AWS_EC2_METADATA_DISABLED", "true"}};
  }

  StoreOptions options() const {
    return {.variables = support::lookup(variables_),
            .part_size = part_size_,
            .upload = {3, Growth::Constant, 1ms},
            .download = {3, Growth::Constant, 1ms}};
  }

  Result<void> put(const std::string& path, const std::string& content) {
    const auto file = directory_ / "content";
    std::ofstream(file) << content;
    OSTLER_TRY(const auto store, open_s3_store(destination_, options()));
    return store->put(client_, {.path = path,
                                .file = file,
                                .size = content.size(),
                                .sha1 = {},
                                .sha256 = crypto::sha256_hex(content),
                                .content_type = "text/x-c"});
  }

  Result<std::string> get(const std::string& path) {
    OSTLER_TRY(const auto store, open_s3_store(destination_, options()));
    OSTLER_TRY(store->get(client_, path, directory_ / "got"));
    return files::read_file(directory_ / "got");
  }

  support::TempDirectory directory_;
  FakeS3 s3_;
  support::GivenVariables variables_;
  std::uint64_t part_size_ = 1u << 20;
  std::string destination_ = "s3://my-bucket/builds/7/";
  net::BlockingHttpClient client_;
};

std::string content_of(std::size_t size) {
  std::string content(size, 0);
  for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 31 + i / 251);
  return content;
}

TEST_F(S3StoreTest, BringsBackWhatItTook) {
  const std::string path = "out/a b+c&d=é'(1)*~%41.txt";
  const std::string content = content_of(100'000);
  const auto done = put(path, content);
  ASSERT_TRUE(done) << done.error().message();
  const auto objects = s3_.objects();
  ASSERT_TRUE(objects.contains("builds/7/" + path));
  const auto& object = objects.at("builds/7/" + path);
  EXPECT_EQ(object.content, content);
  EXPECT_EQ(object.headers.at("content-type"), "text/x-c");
  EXPECT_EQ(object.headers.at("x-amz-acl"), "public-read");
  EXPECT_FALSE(object.headers.contains("x-amz-server-side-encryption"));
  EXPECT_EQ(get(path).value(), content);
}

TEST_F(S3StoreTest, TakesAnEmptyFile) {
  ASSERT_TRUE(put("empty", ""));
  EXPECT_EQ(s3_.objects().at("builds/7/empty").content, "");
}

TEST_F(S3StoreTest, AsksOnceWhereTheBucketIs) {
  ASSERT_TRUE(put("a", "x"));
  EXPECT_THAT(s3_.calls(), ElementsAre("HEAD /my-bucket", "PUT /my-bucket/builds/7/a"));
  variables_["BUILDKITE_S3_DEFAULT_REGION"] = FakeS3::kRegion;
  ASSERT_TRUE(put("b", "x"));
  EXPECT_EQ(s3_.calls().size(), 3u) << "whoever says it is not asked";
  variables_["BUILDKITE_S3_DEFAULT_REGION"] = "us-east-1";
  const auto wrong = put("c", "x");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message(), HasSubstr("set BUILDKITE_S3_DEFAULT_REGION=eu-west-1"));
}

TEST_F(S3StoreTest, SendsTheAclAndTheEncryptionThatWereAskedFor) {
  variables_["BUILDKITE_S3_ACL"] = "private";
  variables_["BUILDKITE_S3_SSE_ENABLED"] = "TRUE";
  part_size_ = 10;
  for (const char* content : {"small", "twenty bytes or more"}) {
    ASSERT_TRUE(put("a", content));
    const auto object = s3_.objects().at("builds/7/a");
    EXPECT_EQ(object.headers.at("x-amz-acl"), "private");
    EXPECT_EQ(object.headers.at("x-amz-server-side-encryption"), "AES256");
  }
}

TEST_F(S3StoreTest, SendsALargeFileInParts) {
  const std::string content = content_of((3u << 20) + 17);
  const auto done = put("large", content);
  ASSERT_TRUE(done) << done.error().message();
  const auto object = s3_.objects().at("builds/7/large");
  EXPECT_EQ(object.parts, 4);
  EXPECT_EQ(object.headers.at("content-type"), "text/x-c");
  EXPECT_EQ(object.content, content);
  EXPECT_EQ(s3_.open_uploads(), 0u);
}

TEST_F(S3StoreTest, GoesOnAfterFaultsThatPass) {
  s3_.set_faults({.busy = 1, .reset = 1});
  ASSERT_TRUE(put("a", "x"));
  s3_.set_faults({.busy = 2, .failed_completes = 2});
  ASSERT_TRUE(put("parts", content_of(2u << 20)));
  EXPECT_EQ(s3_.objects().at("builds/7/parts").content, content_of(2u << 20));
  s3_.set_faults({.cut_bodies = 2});
  EXPECT_EQ(get("parts").value(), content_of(2u << 20));
  s3_.set_faults({.cut_bodies = 3});
  EXPECT_FALSE(get("parts")) << "three attempts";
}

TEST_F(S3StoreTest, TakesBackWhatItBeganAndCannotEnd) {
  s3_.set_faults({.refuse_part = 2});
  const auto done = put("parts", content_of(3u << 20));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::Denied);
  EXPECT_EQ(s3_.open_uploads(), 0u);
  EXPECT_THAT(s3_.calls().back(), HasSubstr("DELETE /my-bucket/builds/7/parts?uploadId=id%2F1"));
  EXPECT_THAT(s3_.calls(), Not(Contains(HasSubstr("partNumber=3"))));
}

TEST_F(S3StoreTest, SendsTheTokenOfTemporaryCredentials) {
  s3_.want_token("session/token==");
  EXPECT_FALSE(put("a", "x"));
  variables_["BUILDKITE_S3_SESSION_TOKEN"] = "session/token==";
  ASSERT_TRUE(put("a", "x"));
}

TEST_F(S3StoreTest, SaysOfARefusalWhatWhereAndWhatToDo) {
  variables_["BUILDKITE_S3_SECRET_ACCESS_KEY"] = "wrong-secret";
  auto done = put("a", "x");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::Denied);
  EXPECT_THAT(done.error().message(),
              HasSubstr("s3://my-bucket/builds/7/a: the store answered 403 SignatureDoesNotMatch"));
  EXPECT_THAT(done.error().message(), HasSubstr("the key from BUILDKITE_S3_ACCESS_KEY_ID"));
  EXPECT_THAT(done.error().message(), Not(HasSubstr("wrong-secret")));
  EXPECT_EQ(s3_.calls().size(), 2u) << "what does not heal is not tried again";
  destination_ = "s3://no-bucket";
  done = put("a", "x");
  EXPECT_THAT(done.error().message(), HasSubstr("NoSuchBucket"));
  EXPECT_EQ(get("missing").error().code(), Errc::NotFound);
}

TEST_F(S3StoreTest, TellsHowToUseABucketWithoutAcls) {
  s3_.set_faults({.no_acls = true});
  const auto done = put("a", "x");
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(), HasSubstr("BUILDKITE_S3_ACL=bucket-owner-full-control"));
  variables_["BUILDKITE_S3_ACL"] = "bucket-owner-full-control";
  EXPECT_TRUE(put("a", "x"));
}

TEST_F(S3StoreTest, NoticesAFileThatChangesWhileItIsSent) {
  const auto file = directory_ / "content";
  std::ofstream(file) << "other";
  const auto store = open_s3_store(destination_, options()).value();
  const auto done = store->put(client_, {.path = "a",
                                         .file = file,
                                         .size = 5,
                                         .sha1 = {},
                                         .sha256 = crypto::sha256_hex("first"),
                                         .content_type = "text/plain"});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(), HasSubstr("XAmzContentSHA256Mismatch"));
}

}  // namespace
}  // namespace ostler::object_store
