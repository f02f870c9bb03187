// SPDX-License-Identifier: Apache-2.0
#include "wire/secrets_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::wire {
namespace {

using testing::ElementsAre;

TEST(SecretsConfig, IsOneListHoweverTheStepNamesItsSecrets) {
  constexpr const char* kPair = R"([{"key":"k","environment_variable":"V"}])";
  EXPECT_EQ(secrets_config_of(R"({"secrets": {"V": "k"}})"), kPair);
  EXPECT_EQ(secrets_config_of(R"({"secrets": [{"key":"k","environment_variable":"V"}]})"), kPair);
  EXPECT_EQ(secrets_config_of(R"({"secrets": ["K"]})"),
            R"([{"key":"K","environment_variable":"K"}])");
}

TEST(SecretsConfig, IsEmptyWhereNoneAreNamed) {
  for (const char* step : {"{}", R"({"secrets": []})", R"({"secrets": null})", "[]", "", "{"}) {
    EXPECT_EQ(secrets_config_of(step), "") << step;
  }
}

TEST(SecretsConfig, IsReadAsItIsWritten) {
  const auto wanted = decode_secrets_config(secrets_config_of(R"({"secrets": {"A":"x","B":"y"}})"));
  ASSERT_TRUE(wanted);
  EXPECT_THAT(wanted.value(), ElementsAre(WantedSecret{"x", "A"}, WantedSecret{"y", "B"}));
  EXPECT_EQ(decode_secrets_config(R"([{"key":"k"}])").value().at(0).variable, "");
  for (const char* text : {"", "{}", "[1]", "[{}]", R"([{"key":1}])"}) {
    EXPECT_FALSE(decode_secrets_config(text)) << text;
  }
}

}  // namespace
}  // namespace ostler::wire
