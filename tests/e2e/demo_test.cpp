// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "support/child_program.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

TEST(Demo, BuildsTestsAndRunsTheExampleAndLeavesNothing) {
  const support::TempDirectory directory;
  support::ProgramOptions options;
  options.environment["TMPDIR"] = directory.path().string();
  const std::string example = std::string(std::getenv("OSTLER_SOURCE_DIR")) + "/examples/hello";
  const auto result = support::run_program({example + "/demo", support::ostler_program()}, options);
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, testing::HasSubstr("Ostler is up at http://127.0.0.1:"));
  EXPECT_THAT(result.out, testing::HasSubstr("\nBuild 1 passed\n"));
  EXPECT_THAT(result.out, testing::HasSubstr("with 1 file not committed"));
  EXPECT_THAT(result.out, testing::HasSubstr("Build passed"));
  EXPECT_THAT(result.out, testing::EndsWith("\nHello, friend!\n"));
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

}  // namespace
}  // namespace ostler
