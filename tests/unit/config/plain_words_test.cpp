// SPDX-License-Identifier: Apache-2.0
#include "config/plain_words.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <optional>

namespace ostler::config {
namespace {

/// What a command with these options makes of some words.
struct Parsed {
  std::vector<std::string> names;
  std::optional<std::string> fallback;
  bool quiet = false;

  explicit Parsed(const std::vector<std::string>& words) {
    CLI::App app;
    app.add_option("names", names);
    app.add_option("--default", fallback);
    app.add_flag("--quiet", quiet);
    app.parse(plain_words(app, words));
  }
};

using Words = std::vector<std::string>;

TEST(PlainWords, AnEmptyValueIsAValue) {
  const Parsed last({"key", "--default="});
  EXPECT_EQ(last.fallback, "");
  EXPECT_EQ(last.names, Words{"key"});
  const Parsed first({"--default=", "key"});
  EXPECT_EQ(first.fallback, "");
  EXPECT_EQ(first.names, Words{"key"});
  const Parsed apart({"--default", "", "key"});
  EXPECT_EQ(apart.fallback, "");
}

TEST(PlainWords, OtherValuesStayAsTheyAre) {
  EXPECT_EQ(Parsed({"--default=a=", "key"}).fallback, "a=");
  EXPECT_EQ(Parsed({"key"}).fallback, std::nullopt);
  const Parsed after({"--quiet", "--", "--default="});
  EXPECT_EQ(after.names, Words{"--default="});
  EXPECT_TRUE(after.quiet);
}

TEST(PlainWords, SquareBracketsAreNoList) {
  EXPECT_EQ(Parsed({"a=1", "[b=2,c=3]"}).names, (Words{"a=1", "[b=2,c=3]"}));
  EXPECT_EQ(Parsed({R"(["A","B"])"}).names, Words{R"(["A","B"])"});
  EXPECT_EQ(Parsed({"--default", "[x]"}).fallback, "[x]");
}

}  // namespace
}  // namespace ostler::config
