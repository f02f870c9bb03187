// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpolate.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ostler::pipeline {
namespace {

const VariableTable kVariables = {
    {"A", "alpha"}, {"EMPTY", ""}, {"REF", "$A ${A}"}, {"LONG_NAME_1", "long"}};

std::string expanded(std::string_view text) {
  const auto result = interpolate(text, kVariables);
  return result ? result.value() : "error: " + result.error().message();
}

struct Case {
  std::string_view text;
  std::string_view result;
};

class InterpolateCase : public testing::TestWithParam<Case> {};

TEST_P(InterpolateCase, GivesItsResult) {
  EXPECT_EQ(expanded(GetParam().text), GetParam().result) << "of " << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(Values, InterpolateCase,
                         testing::Values(Case{"", ""}, Case{"plain", "plain"}, Case{"$A", "alpha"},
                                         Case{"${A}", "alpha"}, Case{"<$A>", "<alpha>"},
                                         Case{"$A$A", "alphaalpha"}, Case{"$UNSET.", "."},
                                         Case{"${UNSET}.", "."}, Case{"$LONG_NAME_1-x", "long-x"},
                                         Case{"$REF", "$A ${A}"},
                                         Case{"snow \xE2\x98\x83 $A", "snow \xE2\x98\x83 alpha"}));

INSTANTIATE_TEST_SUITE_P(Literals, InterpolateCase,
                         testing::Values(Case{"$$A", "$A"}, Case{"\\$A", "$A"},
                                         Case{"$${A}", "${A}"}, Case{"$$$A", "$alpha"},
                                         Case{"$$$$", "$$"}, Case{"$(date)", "$(date)"},
                                         Case{"cost: 5$", "cost: 5$"}, Case{"$", "$"},
                                         Case{"$1 $_x $ $.", "$1 $_x $ $."},
                                         Case{"\\\\$A", "\\\\alpha"}, Case{"a\\b", "a\\b"},
                                         Case{"\\", "\\"}, Case{"}", "}"}, Case{"{A}", "{A}"}));

INSTANTIATE_TEST_SUITE_P(
    Defaults, InterpolateCase,
    testing::Values(Case{"${A:-x}", "alpha"}, Case{"${EMPTY:-x}", "x"}, Case{"${UNSET:-x}", "x"},
                    Case{"${EMPTY-x}", ""}, Case{"${UNSET-x}", "x"}, Case{"${UNSET:-}", ""},
                    Case{"${UNSET:-${A}}", "alpha"}, Case{"${UNSET:-a${NO-b${A}c}d}", "abalphacd"},
                    Case{"${A:-${UNSET?no}}", "alpha"}, Case{"${UNSET:-$$A}", "$A"},
                    Case{"${UNSET:- a b }", " a b "}, Case{"${UNSET:-\\}", "\\"}));

INSTANTIATE_TEST_SUITE_P(Substrings, InterpolateCase,
                         testing::Values(Case{"${A:0}", "alpha"}, Case{"${A:1}", "lpha"},
                                         Case{"${A:1:2}", "lp"}, Case{"${A: -2}", "ha"},
                                         Case{"${A: -9}", "alpha"}, Case{"${A:9}", ""},
                                         Case{"${A:0:99}", "alpha"}, Case{"${A:0:-1}", "alph"},
                                         Case{"${A:3:-4}", ""}, Case{"${A: 1 : 1 }", "l"},
                                         Case{"${A:+1}", "lpha"}, Case{"${UNSET:1:2}", ""},
                                         Case{"${A:2147483647:2147483647}", ""}));

INSTANTIATE_TEST_SUITE_P(Required, InterpolateCase,
                         testing::Values(Case{"${A?gone}", "alpha"}, Case{"${EMPTY?gone}", ""},
                                         Case{"${UNSET?}", "error: $UNSET: not set"},
                                         Case{"${UNSET?ask $A first}",
                                              "error: $UNSET: ask alpha first"}));

class InterpolateFault : public testing::TestWithParam<std::string_view> {};

TEST_P(InterpolateFault, IsRefused) {
  const auto result = interpolate(GetParam(), kVariables);
  ASSERT_FALSE(result) << GetParam();
  EXPECT_EQ(result.error().code(), Errc::UserFault);
}

INSTANTIATE_TEST_SUITE_P(Braces, InterpolateFault,
                         testing::Values("${", "${}", "${_X}", "${1}", "${A", "${A:-x",
                                         "${A:", "${A:x}", "${A:1:x}", "${A:?x}", "${A:+x y}",
                                         "${A+x}", "${A=x}", "${A%x}", "${A }", "${A:1:2:3}",
                                         "${A:}", "${A:99999999999}", "${A:-${UNSET+x}}"));

TEST(Interpolate, RefusesExpansionsThatNestTooDeep) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "${A:-";
  const auto result = interpolate(text, kVariables);
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message().find("deep"), std::string::npos);
}

TEST(Interpolate, RefusesResultsBeyondItsLimit) {
  const VariableTable big = {{"B", std::string(1'000, 'b')}};
  std::string text;
  for (int i = 0; i < 2'000; ++i) text += "$B";
  EXPECT_FALSE(interpolate(text, big));
}

}  // namespace
}  // namespace ostler::pipeline
