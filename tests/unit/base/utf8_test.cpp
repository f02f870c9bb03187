// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

namespace ostler {
namespace {

TEST(Utf8, AcceptsTextOfEveryLength) {
  const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x90\xB4";
  EXPECT_EQ(valid_utf8_prefix(text), text.size());
  EXPECT_EQ(valid_utf8_prefix(""), 0u);
}

TEST(Utf8, StopsAtTheFirstByteThatIsNotText) {
  const std::string_view bad[] = {"\xFF",
                                  "\x80",
                                  "\xC0\x80",
                                  "\xC3",
                                  "\xE0\x80\x80",
                                  "\xED\xA0\x80",
                                  "\xE2\x82",
                                  "\xF4\x90\x80\x80",
                                  "\xF0\x9F\x90",
                                  "\xF5\x80\x80\x80",
                                  std::string_view("\0", 1)};
  for (const std::string_view bytes : bad) {
    EXPECT_EQ(valid_utf8_prefix("ok" + std::string(bytes) + "more"), 2u);
  }
}

TEST(Utf8, SaysWhichCharacterATextBeginsWith) {
  for (const auto& [text, value, size] : {std::tuple("az", U'a', 1u),
                                          {"\u00e9z", U'\u00e9', 2u},
                                          {"\u20acz", U'\u20ac', 3u},
                                          {"\U0001F434z", U'\U0001F434', 4u}}) {
    EXPECT_EQ(first_code_point(text).value, value) << text;
    EXPECT_EQ(first_code_point(text).size, size) << text;
  }
  for (const char* bytes : {"", "\x9B", "\xE2\x80", "\xC2 "}) {
    EXPECT_EQ(first_code_point(bytes).size, 0u) << bytes;
  }
}

}  // namespace
}  // namespace ostler
