// SPDX-License-Identifier: Apache-2.0
#include "base/uuid_prefix.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace ostler {
namespace {

constexpr const char* kText = "0192f1e7-5a1c-7000-8000-0000000000Ab";

TEST(UuidPrefix, SpansAllThatBeginSo) {
  const auto prefix = UuidPrefix::parse("0192f1e75");
  ASSERT_TRUE(prefix);
  EXPECT_EQ(prefix->first.str(), "0192f1e7-5000-0000-0000-000000000000");
  EXPECT_EQ(prefix->last.str(), "0192f1e7-5fff-ffff-ffff-ffffffffffff");
}

TEST(UuidPrefix, HasAnyBeginningOfEightDigitsOrMore) {
  const Uuid whole = *Uuid::parse(kText);
  std::string digits(kText);
  std::erase(digits, '-');
  for (const std::string& text : {std::string(kText), digits}) {
    for (std::size_t size = 8; size < text.size(); ++size) {
      const auto prefix = UuidPrefix::parse(text.substr(0, size));
      ASSERT_TRUE(prefix) << text.substr(0, size);
      EXPECT_TRUE(prefix->first <= whole && whole <= prefix->last) << text.substr(0, size);
    }
  }
}

TEST(UuidPrefix, IsNoOtherText) {
  for (const char* text : {"", "0192f1e", "0192f1ex", "0192-f1e7", "0192f1e7--5", "0192f1e75-a1c",
                           "-0192f1e7", "0192f1e7-5a1c-7000-8000-0000000000ab",
                           "0192f1e75a1c700080000000000000ab", "0192f1e7 5a", "0192f1e7/5a"}) {
    EXPECT_FALSE(UuidPrefix::parse(text)) << text;
  }
}

TEST(UuidPrefix, IsThatOfOneOfManyMadeInAMillisecondInItsShortForm) {
  constexpr std::size_t kMany = 20'000;
  std::set<std::string> short_forms;
  std::set<std::string> milliseconds;
  for (std::size_t i = 0; i < kMany; ++i) {
    const std::string id = Uuid::make().str();
    milliseconds.insert(id.substr(0, 13));
    const std::string form(short_form(id));
    const auto prefix = UuidPrefix::parse(form);
    ASSERT_TRUE(prefix) << form;
    EXPECT_TRUE(id.starts_with(form));
    short_forms.insert(form);
  }
  EXPECT_EQ(short_forms.size(), kMany);
  EXPECT_LT(milliseconds.size(), kMany);
  EXPECT_EQ(short_form("app/42"), "app/42");
}

}  // namespace
}  // namespace ostler
