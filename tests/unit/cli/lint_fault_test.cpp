// SPDX-License-Identifier: Apache-2.0
#include "cli/lint_fault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::cli {
namespace {

using testing::EndsWith;
using testing::StartsWith;

LintFault fault_in(const std::string& text, model::SourcePosition at) {
  pipeline::FaultList list("p.yml");
  list.add(at, "wrong; write it right");
  return lint_faults(list, {"p.yml", text}).at(0);
}

TEST(LintFault, HasItsLineAsItStandsInTheFile) {
  EXPECT_EQ(fault_in("steps:\r\n  - comand: a\r\n", {2, 5}).text, "  - comand: a");
  EXPECT_EQ(fault_in("steps:\n  - x", {2, 5}).text, "  - x");
  EXPECT_EQ(fault_in("steps:\n", {7, 1}).text, "");
  const std::string wide = std::string(300, 'x');
  EXPECT_EQ(fault_in(wide + "\n", {1, 250}).text, wide);
}

TEST(LintFault, HasOnlyTheBeginningOfALineWithoutEnd) {
  std::string line;
  while (line.size() < (1u << 16)) line += "ü";
  const LintFault whole = fault_in(line, {1, 9});
  EXPECT_LE(whole.text.size(), 2'000u);
  EXPECT_THAT(whole.text, StartsWith("üüü"));
  EXPECT_THAT(whole.text, EndsWith("ü…"));
  EXPECT_THAT(fault_in("x" + line, {1, 9}).text, EndsWith("ü…")) << "no half of a character";
  EXPECT_THAT(encode({whole}), testing::Not(testing::HasSubstr("\uFFFD")));
}

}  // namespace
}  // namespace ostler::cli
