// SPDX-License-Identifier: Apache-2.0
#include "object_store/s3_refusal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object_store/xml_text.hpp"

namespace ostler::object_store {
namespace {

using testing::HasSubstr;
using testing::Not;

std::optional<Error> refusal(int status, const std::string& code, const std::string& more = "") {
  const S3Settings settings{.location = {"bucket", ""},
                            .endpoint = {},
                            .region = {},
                            .fallback_region = {},
                            .acl = "public-read",
                            .access_url = {}};
  net::HttpResponse answer;
  answer.status = status;
  answer.body = "<?xml version=\"1.0\"?><Error><Code>" + code +
                "</Code><Message>It &amp; that\x1b[2J</Message>" + more + "</Error>";
  return s3_refusal(answer, {settings, "k/x", "us-east-1", "profile \"ci\""});
}

TEST(S3Refusal, SaysWhatWhereAndWhatToDo) {
  const auto denied = refusal(403, "AccessDenied");
  EXPECT_EQ(denied->code(), Errc::Denied);
  EXPECT_FALSE(denied->retryable());
  EXPECT_EQ(denied->message(),
            "s3://bucket/k/x: the store answered 403 AccessDenied (It & that [2J); let the key "
            "from profile \"ci\" do s3:GetObject, s3:PutObject and s3:PutObjectAcl there (ACL "
            "public-read)");
  EXPECT_THAT(refusal(400, "AccessControlListNotSupported")->message(),
              HasSubstr("set BUILDKITE_S3_ACL=bucket-owner-full-control"));
  EXPECT_THAT(refusal(403, "SignatureDoesNotMatch")->message(),
              HasSubstr("check the key from profile \"ci\""));
  EXPECT_THAT(refusal(403, "RequestTimeTooSkewed")->message(), HasSubstr("clock"));
  EXPECT_THAT(refusal(404, "NoSuchBucket")->message(), HasSubstr("make the bucket"));
  EXPECT_EQ(refusal(404, "NoSuchKey")->code(), Errc::NotFound);
}

TEST(S3Refusal, NamesTheRegionThatTheBucketIsIn) {
  EXPECT_THAT(refusal(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>")->message(),
              HasSubstr("the bucket is in region eu-west-1, not us-east-1: set "
                        "BUILDKITE_S3_DEFAULT_REGION=eu-west-1"));
  EXPECT_THAT(refusal(301, "PermanentRedirect")->message(),
              HasSubstr("the bucket is not in region us-east-1"));
}

TEST(S3Refusal, KnowsWhatPasses) {
  EXPECT_TRUE(refusal(503, "SlowDown")->retryable());
  EXPECT_TRUE(refusal(500, "InternalError")->retryable());
  EXPECT_TRUE(refusal(400, "RequestTimeout")->retryable());
  EXPECT_TRUE(refusal(200, "InternalError")->retryable()) << "an error can come with 200";
  EXPECT_FALSE(refusal(400, "EntityTooLarge")->retryable());
}

TEST(S3Refusal, IsNoneForASuccess) {
  net::HttpResponse answer;
  answer.status = 200;
  answer.body = "<CompleteMultipartUploadResult/>";
  const S3Settings settings;
  EXPECT_EQ(s3_refusal(answer, {settings, "k", "r", "o"}), std::nullopt);
}

TEST(XmlText, ReadsEntitiesAndForgivesWhatIsNotThere) {
  EXPECT_EQ(xml_text("<A><B>1&lt;&#34;&amp;lt;</B></A>", "B"), "1<\"&lt;");
  EXPECT_EQ(xml_text("<A>", "A"), "");
  EXPECT_EQ(xml_text("</A><A>", "A"), "");
  EXPECT_EQ(xml_text("", "A"), "");
  EXPECT_EQ(xml_escaped("a<b>&\"c\""), "a&lt;b&gt;&amp;\"c\"");
}

}  // namespace
}  // namespace ostler::object_store
