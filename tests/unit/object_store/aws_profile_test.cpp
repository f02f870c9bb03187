// SPDX-License-Identifier: Apache-2.0
#include "object_store/aws_profile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/given_variables.hpp"
#include "support/temp_directory.hpp"

namespace ostler::object_store {
namespace {

using testing::HasSubstr;

class AwsProfileTest : public testing::Test {
 protected:
  AwsProfileTest() { std::filesystem::create_directory(home_ / ".aws"); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(home_ / ".aws" / name) << text;
  }
  Variables variables() const { return support::lookup({{"HOME", home_.path().string()}}); }

  support::TempDirectory home_;
};

TEST_F(AwsProfileTest, ReadsTheNamedSectionOfBothFiles) {
  write("credentials",
        "# kept\n[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key=sd\n\n"
        "[ci]\r\naws_access_key_id=AKIACI\r\naws_secret_access_key = s=c/i+==\r\n"
        "aws_session_token=t\r\n");
  write("config",
        "[profile ci]\nregion = eu-west-1\n[profile  other]\naws_access_key_id=AKIAO\n"
        "aws_secret_access_key = so\n");
  const auto ci = named_profile_credentials(variables(), "ci");
  ASSERT_TRUE(ci) << ci.error().message();
  EXPECT_EQ(ci.value().access_key_id, "AKIACI");
  EXPECT_EQ(ci.value().secret_access_key.reveal(), "s=c/i+==");
  EXPECT_EQ(ci.value().session_token.reveal(), "t");
  EXPECT_EQ(ci.value().origin, "profile \"ci\"");
  EXPECT_EQ(named_profile_credentials(variables(), "other").value().access_key_id, "AKIAO");
  EXPECT_EQ(default_profile_credentials(variables()).value()->access_key_id, "AKIADEFAULT");
  EXPECT_EQ(read_profile(variables(), "ci")->at("region"), "eu-west-1");
}

TEST_F(AwsProfileTest, SaysWhereItLookedForAProfileThatIsNotThere) {
  const auto none = named_profile_credentials(variables(), "ci");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), Errc::UserFault);
  EXPECT_THAT(none.error().message(), HasSubstr((home_ / ".aws/credentials").string()));
  EXPECT_FALSE(default_profile_credentials(variables()).value().has_value());
}

TEST_F(AwsProfileTest, RefusesAWayToCredentialsThatItDoesNotKnow) {
  write("config", "[profile role]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = ci\n");
  const auto role = named_profile_credentials(variables(), "role");
  ASSERT_FALSE(role);
  EXPECT_THAT(role.error().message(), HasSubstr("by role_arn, which is not supported"));
  write("config", "[profile half]\naws_access_key_id = AKIA\n");
  const auto half = named_profile_credentials(variables(), "half");
  ASSERT_FALSE(half);
  EXPECT_THAT(half.error().message(), HasSubstr("has no aws_access_key_id and"));
}

}  // namespace
}  // namespace ostler::object_store
