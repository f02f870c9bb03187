// SPDX-License-Identifier: Apache-2.0
// What is given to authors stands on the C and C++ libraries and on itself, never on ours.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

namespace ostler {
namespace {

namespace fs = std::filesystem;

TEST(SdkIncludes, AreOfTheLanguageOrOfTheSdk) {
  static const std::regex line(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
  const fs::path root = fs::path(std::getenv("OSTLER_SOURCE_DIR")) / "sdk";
  int headers = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string extension = entry.path().extension();
    if (extension != ".h" && extension != ".hpp") continue;
    ++headers;
    std::ifstream in(entry.path());
    std::smatch match;
    for (std::string text; std::getline(in, text);) {
      if (!std::regex_search(text, match, line)) continue;
      const std::string target = match[2];
      EXPECT_EQ(match[1], "<") << entry.path() << ": " << text;
      EXPECT_TRUE(target.starts_with("ostler/") || target.find('/') == std::string::npos)
          << entry.path() << ": " << text;
    }
  }
  EXPECT_GE(headers, 1);
}

}  // namespace
}  // namespace ostler
