// SPDX-License-Identifier: Apache-2.0
#include "object_store/s3_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object_store/s3_store.hpp"
#include "support/given_variables.hpp"

namespace ostler::object_store {
namespace {

using testing::HasSubstr;
using Map = support::GivenVariables;

Result<S3Settings> read(const Map& map, const std::string& destination = "s3://my-bucket/p") {
  return read_s3_settings(destination, support::lookup(map));
}

std::string url_shown(const Map& map, const std::string& destination) {
  return open_s3_store(destination, {.variables = support::lookup(map)})
      .value()
      ->url_of("out/a b.txt");
}

TEST(S3Settings, TakeTheAclFromTheEnvironment) {
  EXPECT_EQ(read({}).value().acl, "public-read");
  EXPECT_EQ(read({{"AWS_S3_ACL", "private"}}).value().acl, "private");
  EXPECT_EQ(
      read({{"AWS_S3_ACL", "private"}, {"BUILDKITE_S3_ACL", "authenticated-read"}}).value().acl,
      "authenticated-read");
  const auto unknown = read({{"BUILDKITE_S3_ACL", "publicRead"}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code(), Errc::UserFault);
  EXPECT_THAT(unknown.error().message(), HasSubstr("\"publicRead\" is no ACL of S3"));
}

TEST(S3Settings, EncryptWhenTheVariableIsTrueInAnyCase) {
  EXPECT_TRUE(read({{"BUILDKITE_S3_SSE_ENABLED", "True"}}).value().is_encrypted);
  EXPECT_FALSE(read({{"BUILDKITE_S3_SSE_ENABLED", "1"}}).value().is_encrypted);
  EXPECT_FALSE(read({}).value().is_encrypted);
}

TEST(S3Settings, PutTheBucketIntoTheHostWhereACertificateCoversIt) {
  EXPECT_EQ(read({}).value().bucket_url("eu-west-1"),
            "https://my-bucket.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(read({}).value().bucket_url("cn-north-1"),
            "https://my-bucket.s3.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(read({}).value().bucket_url(""), "https://s3.amazonaws.com/my-bucket");
  EXPECT_EQ(read({}, "s3://my.bucket").value().bucket_url("eu-west-1"),
            "https://s3.eu-west-1.amazonaws.com/my.bucket");
}

TEST(S3Settings, SpeakToAnotherServerByPath) {
  for (const char* endpoint : {"http://minio:9000", "http://minio:9000/"}) {
    EXPECT_EQ(read({{"BUILDKITE_S3_ENDPOINT", endpoint}}).value().bucket_url("x"),
              "http://minio:9000/my-bucket");
  }
  EXPECT_EQ(read({{"BUILDKITE_S3_ENDPOINT", "minio.example"}}).value().bucket_url("x"),
            "https://minio.example/my-bucket");
}

TEST(S3Settings, ShowPeopleAmazonsAddressOrTheirOwn) {
  EXPECT_EQ(url_shown({}, "s3://my-bucket/p/"),
            "https://my-bucket.s3.amazonaws.com/p/out/a%20b.txt");
  EXPECT_EQ(url_shown({}, "s3://my-bucket"), "https://my-bucket.s3.amazonaws.com/out/a%20b.txt");
  EXPECT_EQ(
      url_shown({{"BUILDKITE_S3_ACCESS_URL", "https://cdn.example/files/"}}, "s3://my-bucket/p"),
      "https://cdn.example/files/p/out/a%20b.txt");
}

}  // namespace
}  // namespace ostler::object_store
