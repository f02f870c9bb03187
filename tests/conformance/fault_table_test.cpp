// SPDX-License-Identifier: Apache-2.0
// agent/docs/faults.md names, for each fault, the tests that hold what it says. They must be there.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace ostler {
namespace {

namespace fs = std::filesystem;

fs::path source_root() { return std::getenv("OSTLER_SOURCE_DIR"); }

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream content;
  content << in.rdbuf();
  return content.str();
}

/// "Suite.Name" of each test in `text`, by the two groups of `pattern`.
std::set<std::string> names_in(const std::string& text, const std::regex& pattern) {
  std::set<std::string> names;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    names.insert((*it)[1].str() + "." + (*it)[2].str());
  }
  return names;
}

std::set<std::string> tests_in_tree() {
  static const std::regex definition(R"(TEST(?:_F|_P)?\((\w+),\s*(\w+)\))");
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(source_root() / "tests")) {
    if (entry.path().extension() == ".cpp") names.merge(names_in(read(entry.path()), definition));
  }
  return names;
}

TEST(FaultTable, NamesTestsThatThereAre) {
  static const std::regex mention(R"(`([A-Z]\w+)\.([A-Z]\w+)`)");
  const auto named = names_in(read(source_root() / "agent/docs/faults.md"), mention);
  ASSERT_GT(named.size(), 40u);
  const auto present = tests_in_tree();
  for (const auto& name : named) EXPECT_TRUE(present.contains(name)) << name;
}

TEST(FaultTable, NamesATestInEachRow) {
  static const std::regex mention(R"(`([A-Z]\w+)\.([A-Z]\w+)`)");
  std::istringstream page(read(source_root() / "agent/docs/faults.md"));
  for (std::string line; std::getline(page, line);) {
    const bool is_row = line.starts_with("| ") && !line.starts_with("| fault ");
    if (is_row) EXPECT_FALSE(names_in(line, mention).empty()) << line;
  }
}

}  // namespace
}  // namespace ostler
