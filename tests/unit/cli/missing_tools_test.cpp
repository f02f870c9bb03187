// SPDX-License-Identifier: Apache-2.0
#include "cli/missing_tools.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ostler::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(MissingTools, AreNamedInTwoLinesWithWhatToDo) {
  const std::string sdk = missing_tools(
      "CMake Error at CMakeLists.txt:7 (find_package):\n  with any of the following names:\n\n"
      "    ostler-sdkConfig.cmake\n    ostler-sdk-config.cmake\n");
  EXPECT_THAT(sdk, StartsWith("the SDK of Ostler"));
  EXPECT_THAT(sdk, HasSubstr("CMAKE_PREFIX_PATH="));
  EXPECT_EQ(sdk, missing_sdk());
  const std::string compiler = missing_tools(
      "CMake Error at CMakeLists.txt:5 (project):\n"
      "  No CMAKE_CXX_COMPILER could be found.\n");
  EXPECT_THAT(compiler, StartsWith("no compiler of C++"));
  for (const std::string& words : {sdk, compiler}) {
    EXPECT_EQ(std::ranges::count(words, '\n'), 1) << words;
  }
}

TEST(MissingTools, AreThoseThatCameFirst) {
  EXPECT_THAT(missing_tools(
                  "CMake Error: CMake was unable to find a build program corresponding to \"Unix "
                  "Makefiles\".\nCMake Error: CMAKE_CXX_COMPILER not set, after EnableLanguage\n"),
              StartsWith("neither make nor ninja"));
}

TEST(MissingTools, AreNoneWhereAProjectIsWrong) {
  EXPECT_EQ(missing_tools("CMake Error at CMakeLists.txt:8: Parse error.\n"), "");
}

}  // namespace
}  // namespace ostler::cli
