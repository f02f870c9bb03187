// SPDX-License-Identifier: Apache-2.0
#include "object_store/s3_signature.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/digest.hpp"

namespace ostler::object_store {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

AwsCredentials example_credentials() {
  return {"AKIAIOSFODNN7EXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), {}, {}, ""};
}

std::string signature_of(net::HttpRequest request, std::string_view body_sha256,
                         const AwsCredentials& credentials = example_credentials()) {
  sign_for_s3(request, body_sha256,
              {credentials, "us-east-1", parse_rfc3339("2013-05-24T00:00:00Z").value()});
  return std::string(net::find_header(request.headers, "Authorization"));
}

net::HttpRequest example(const std::string& method, const std::string& target) {
  return {.method = method, .url = "https://examplebucket.s3.amazonaws.com/" + target};
}

// The examples of Amazon's documentation: Signature Calculations for the Authorization Header.
TEST(S3Signature, SignsADownloadAsAmazonPublishedIt) {
  net::HttpRequest request = example("GET", "test.txt");
  request.headers = {{"Range", "bytes=0-9"}};
  EXPECT_EQ(signature_of(request, kSha256OfNothing),
            "AWS4-HMAC-SHA256 "
            "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(S3Signature, SignsAnUploadAsAmazonPublishedIt) {
  net::HttpRequest request = example("PUT", "test%24file.text");
  request.headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                     {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
  EXPECT_THAT(signature_of(request, crypto::sha256_hex("Welcome to Amazon S3.")),
              EndsWith("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
}

TEST(S3Signature, SignsQueriesAsAmazonPublishedThem) {
  EXPECT_THAT(signature_of(example("GET", "?lifecycle="), kSha256OfNothing),
              EndsWith("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
  for (const char* query : {"?max-keys=2&prefix=J", "?prefix=J&max-keys=2"}) {
    EXPECT_THAT(signature_of(example("GET", query), kSha256OfNothing),
                EndsWith("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
        << query;
  }
}

TEST(S3Signature, SignsTheSessionTokenOfTemporaryCredentials) {
  AwsCredentials temporary = example_credentials();
  temporary.session_token = Secret("the-token");
  net::HttpRequest request = example("GET", "x");
  sign_for_s3(request, kSha256OfNothing, {temporary, "us-east-1", Timestamp{0}});
  EXPECT_EQ(net::find_header(request.headers, "x-amz-security-token"), "the-token");
  EXPECT_THAT(std::string(net::find_header(request.headers, "Authorization")),
              HasSubstr("x-amz-date;x-amz-security-token,"));
}

TEST(S3Signature, TakesTheHostAsTheClientSendsIt) {
  const auto at = [](const std::string& url) {
    return signature_of({.method = "GET", .url = url}, kSha256OfNothing);
  };
  EXPECT_EQ(at("https://minio.example/b/k"), at("https://minio.example:443/b/k"));
  EXPECT_EQ(at("http://minio.example/b/k"), at("http://minio.example:80/b/k"));
  EXPECT_NE(at("https://minio.example/b/k"), at("https://minio.example:9000/b/k"));
}

TEST(S3Signature, CountsRunsOfSpacesAsOne) {
  const auto with_type = [](const std::string& type) {
    net::HttpRequest request = example("PUT", "x");
    request.headers = {{"Content-Type", type}};
    return signature_of(request, kSha256OfNothing);
  };
  EXPECT_EQ(with_type("text/plain;  charset=utf-8 "), with_type("text/plain; charset=utf-8"));
  EXPECT_THAT(with_type("text/plain"), Not(EndsWith(with_type("text/html"))));
}

}  // namespace
}  // namespace ostler::object_store
