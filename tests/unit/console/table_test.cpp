// SPDX-License-Identifier: Apache-2.0
#include "console/table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::console {
namespace {

TEST(Table, AlignsColumnsByCharactersNotBytes) {
  const Terminal plain(false);
  EXPECT_THAT(table_lines({{{"a"}, {"1"}, {"x"}}, {{"\xC3\xA9\xC3\xA9\xC3\xA9"}, {"22"}}}, plain),
              testing::ElementsAre("a    1   x", "\xC3\xA9\xC3\xA9\xC3\xA9  22"));
}

TEST(Table, CountsNoColourCodes) {
  const Terminal coloured(true);
  EXPECT_THAT(table_lines({{{"ok", Style::Good}, {"1"}}, {{"longer"}, {"2"}}}, coloured),
              testing::ElementsAre("\x1b[32mok\x1b[0m      1", "longer  2"));
}

}  // namespace
}  // namespace ostler::console
