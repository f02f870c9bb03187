// SPDX-License-Identifier: Apache-2.0
#include "pipeline/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ostler::pipeline {
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

}  // namespace
}  // namespace ostler::pipeline
