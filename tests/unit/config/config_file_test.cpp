// SPDX-License-Identifier: Apache-2.0
#include "config/config_file.hpp"

#include <gtest/gtest.h>

namespace ostler::config {
namespace {

std::string value_of(std::string_view line) {
  const auto settings = parse_config_file(line);
  return settings && settings.value().size() == 1 ? settings.value()[0].value : "<none>";
}

TEST(ParseConfigFile, ReadsEveryFormOfALine) {
  const auto settings = parse_config_file(
      "# a comment\n\nexport name=\"%hostname\"\ntags: linux\nspawn = 3 # three\r\n");
  ASSERT_TRUE(settings);
  ASSERT_EQ(settings.value().size(), 3u);
  EXPECT_EQ(settings.value()[0].key, "name");
  EXPECT_EQ(settings.value()[0].value, "%hostname");
  EXPECT_EQ(settings.value()[1].value, "linux");
  EXPECT_EQ(settings.value()[2].value, "3");
  EXPECT_EQ(settings.value()[2].line, 5);
}

TEST(ParseConfigFile, KeepsAHashInsideQuotes) {
  EXPECT_EQ(value_of("name=\"a # b\""), "a # b");
  EXPECT_EQ(value_of("name='a # b' # c"), "a # b");
}

TEST(ParseConfigFile, LeavesNothingOutOfThePluginsThatMayRun) {
  const auto cut = parse_config_file("plugin-allow=deploy#1,test\n");
  ASSERT_FALSE(cut);
  EXPECT_NE(cut.error().message().find("write deploy@1"), std::string::npos);
  EXPECT_EQ(value_of("plugin-allow=\"deploy#1,test\""), "deploy#1,test");
  EXPECT_EQ(value_of("plugin-allow=deploy # no other"), "deploy");
}

TEST(ParseConfigFile, TakesQuotesOffOnlyWhenTheyAreTheTwoOuterOnes) {
  EXPECT_EQ(value_of("shell=\"a\\nb\""), "a\nb");
  EXPECT_EQ(value_of("shell=\"a\" \"b\""), "\"a\" \"b\"");
}

TEST(ParseConfigFile, NamesTheLineWithoutASeparator) {
  const auto settings = parse_config_file("a=b\nnonsense\n");
  ASSERT_FALSE(settings);
  EXPECT_NE(settings.error().message().find("line 2"), std::string::npos);
  EXPECT_NE(settings.error().message().find("nonsense"), std::string::npos);
}

}  // namespace
}  // namespace ostler::config
