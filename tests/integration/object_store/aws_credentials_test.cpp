// SPDX-License-Identifier: Apache-2.0
#include "object_store/aws_credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/given_variables.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_directory.hpp"

namespace ostler::object_store {
namespace {

using support::ServerAnswer;
using support::ServerReply;
using support::ServerRequest;
using testing::HasSubstr;

class SetClock final : public Clock {
 public:
  Timestamp now() const override { return now_; }
  std::chrono::nanoseconds since_boot() const override { return {}; }
  void set(std::string_view time) { now_ = parse_rfc3339(time).value(); }

 private:
  Timestamp now_ = parse_rfc3339("2026-01-01T00:00:00Z").value();
};

constexpr const char* kTemporary =
    R"({"Code":"Success","AccessKeyId":"ASIAROLE","SecretAccessKey":"role-secret",)"
    R"("Token":"role-token","Expiration":"2026-01-01T01:00:00Z"})";

/// What gives credentials on Amazon's machines, all on one address.
class AwsCredentialsTest : public testing::Test {
 protected:
  AwsCredentialsTest()
      : cloud_([this](ServerRequest request) -> boost::asio::awaitable<ServerAnswer> {
          co_return answer(request);
        }) {
    variables_ = {{"HOME", home_.path().string()},
                  {"AWS_EC2_METADATA_SERVICE_ENDPOINT", cloud_.url()}};
  }

  ServerReply answer(const ServerRequest& request) {
    ++asked_;
    const auto header = [&](const char* name) {
      const auto at = request.headers.find(name);
      return at == request.headers.end() ? std::string() : at->second;
    };
    if (request.target == "/latest/api/token" && request.method == "PUT" && is_instance_) {
      return {200, "session", {}};
    }
    if (request.target.starts_with("/latest/meta-data/iam/security-credentials/")) {
      if (header("x-aws-ec2-metadata-token") != "session") return {401, "", {}};
      const bool is_list = request.target.ends_with("/");
      return {200, is_list ? "my role" : kTemporary, {}};
    }
    if (request.target == "/container" && header("authorization") == "pod-token") {
      return {200, kTemporary, {}};
    }
    if (request.method == "POST" &&
        request.body.find("&WebIdentityToken=web%20token%21") != std::string::npos &&
        request.body.find("RoleArn=arn%3Aaws%3Aiam") != std::string::npos) {
      return {200,
              "<AssumeRoleWithWebIdentityResponse><Credentials><AccessKeyId>ASIAWEB</AccessKeyId>"
              "<SecretAccessKey>web-secret</SecretAccessKey><SessionToken>t</SessionToken>"
              "<Expiration>2026-01-01T01:00:00Z</Expiration></Credentials>",
              {}};
    }
    return {403, "role-secret is not said again", {}};
  }

  Result<AwsCredentials> find() {
    return AwsCredentialChain(support::lookup(variables_), clock_).current(client_);
  }
  std::string key() {
    const auto found = find();
    return found ? found.value().access_key_id : found.error().message();
  }

  support::TempDirectory home_;
  support::GivenVariables variables_;
  SetClock clock_;
  std::atomic<int> asked_ = 0;
  std::atomic<bool> is_instance_ = true;
  support::ScriptedServer cloud_;
  net::BlockingHttpClient client_;
};

TEST_F(AwsCredentialsTest, AreTakenFromTheFirstPlaceThatHasThem) {
  EXPECT_EQ(key(), "ASIAROLE");
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = cloud_.url() + "/container";
  variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "pod-token";
  EXPECT_EQ(find().value().origin, "the role of this container");
  std::filesystem::create_directory(home_ / ".aws");
  std::ofstream(home_ / ".aws/credentials")
      << "[default]\naws_access_key_id=AKIAFILE\naws_secret_access_key=s\n"
         "[ci]\naws_access_key_id=AKIACI\naws_secret_access_key=s\n";
  EXPECT_EQ(key(), "AKIAFILE");
  std::ofstream(home_ / "token") << "web token!\n";
  variables_["AWS_WEB_IDENTITY_TOKEN_FILE"] = (home_ / "token").string();
  variables_["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/x";
  variables_["AWS_ENDPOINT_URL_STS"] = cloud_.url();
  EXPECT_EQ(key(), "ASIAWEB");
  variables_["AWS_ACCESS_KEY_ID"] = "AKIAENV";
  variables_["AWS_SECRET_ACCESS_KEY"] = "s";
  EXPECT_EQ(key(), "AKIAENV");
  variables_["AWS_PROFILE"] = "default";
  EXPECT_EQ(key(), "AKIAFILE");
  variables_["BUILDKITE_S3_PROFILE"] = "ci";
  EXPECT_EQ(key(), "AKIACI");
  variables_["BUILDKITE_S3_ACCESS_KEY"] = "AKIAOLDNAME";
  variables_["BUILDKITE_S3_SECRET_KEY"] = "s";
  EXPECT_EQ(key(), "AKIAOLDNAME");
  variables_["BUILDKITE_S3_ACCESS_KEY_ID"] = "AKIANAMED";
  EXPECT_EQ(key(), "AKIANAMED");
}

TEST_F(AwsCredentialsTest, AreAskedForAgainBeforeTheyExpire) {
  const AwsCredentialChain chain(support::lookup(variables_), clock_);
  EXPECT_EQ(chain.current(client_).value().session_token.reveal(), "role-token");
  const int first = asked_;
  EXPECT_EQ(first, 3);
  clock_.set("2026-01-01T00:54:00Z");
  ASSERT_TRUE(chain.current(client_));
  EXPECT_EQ(asked_, first);
  clock_.set("2026-01-01T00:56:00Z");
  ASSERT_TRUE(chain.current(client_));
  EXPECT_EQ(asked_, 2 * first);
}

TEST_F(AwsCredentialsTest, AreNotHalfOfAPair) {
  variables_["BUILDKITE_S3_ACCESS_KEY_ID"] = "AKIA";
  EXPECT_THAT(key(), HasSubstr("BUILDKITE_S3_ACCESS_KEY_ID is set and "
                               "BUILDKITE_S3_SECRET_ACCESS_KEY is not"));
  variables_.erase("BUILDKITE_S3_ACCESS_KEY_ID");
  variables_["AWS_SECRET_ACCESS_KEY"] = "very-secret";
  EXPECT_EQ(key(),
            "AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not; set both, or "
            "neither");
}

TEST_F(AwsCredentialsTest, HaveNoLineBreaks) {
  variables_["AWS_ACCESS_KEY_ID"] = "AKIA";
  variables_["AWS_SECRET_ACCESS_KEY"] = "very-secret\r\nX-Header: 1";
  const auto found = find();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message(),
            "the AWS credentials from AWS_ACCESS_KEY_ID have a space, a line break or another "
            "character that no key has; copy them anew");
}

TEST_F(AwsCredentialsTest, SayWhatToSetWhereThereAreNone) {
  is_instance_ = false;
  const auto none = find();
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), Errc::UserFault);
  EXPECT_THAT(none.error().message(), HasSubstr("set BUILDKITE_S3_ACCESS_KEY_ID and"));
  is_instance_ = true;
  variables_["AWS_EC2_METADATA_DISABLED"] = "true";
  EXPECT_FALSE(find());
}

TEST_F(AwsCredentialsTest, AreNotAskedForOverTheNetworkInClear) {
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://credentials.example/container";
  EXPECT_THAT(key(), HasSubstr("only https, this machine"));
}

TEST_F(AwsCredentialsTest, DoNotShowWhatARefusalSays) {
  variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = cloud_.url() + "/container";
  EXPECT_EQ(key(), "AWS credentials: the role of this container answered 403");
}

}  // namespace
}  // namespace ostler::object_store
