// SPDX-License-Identifier: Apache-2.0
#include "store/path_glob.hpp"

#include <gtest/gtest.h>

namespace ostler::store {
namespace {

struct Case {
  const char* pattern;
  const char* path;
  bool matches;
};

TEST(PathGlob, MatchesAsItsTableSays) {
  const Case cases[] = {
      {"a.txt", "a.txt", true},
      {"a.txt", "b/a.txt", false},
      {"*", "a.txt", true},
      {"*", "b/a.txt", false},
      {"*", "", true},
      {"*.log", "x.log", true},
      {"*.log", ".log", true},
      {"*.log", "x.logs", false},
      {"log/*.txt", "log/a.txt", true},
      {"log/*.txt", "log/b/a.txt", false},
      {"**", "a/b/c", true},
      {"**/*.txt", "a.txt", true},
      {"**/*.txt", "a/b/c.txt", true},
      {"log/**/a.txt", "log/a.txt", true},
      {"log/**/a.txt", "log/x/y/a.txt", true},
      {"log/**/a.txt", "log/xa.txt", false},
      {"log/**", "log/x/y", true},
      {"log**", "log/x/y", true},
      {"?.txt", "a.txt", true},
      {"?.txt", "/.txt", false},
      {"?.txt", ".txt", false},
      {"[a-c].txt", "b.txt", true},
      {"[a-c].txt", "d.txt", false},
      {"[^a-c].txt", "d.txt", true},
      {"[^a-c].txt", "/.txt", false},
      {"{a,b}.txt", "b.txt", true},
      {"{a,b}.txt", "c.txt", false},
      {"{a,b/*}.txt", "b/c.txt", true},
      {"x{,y}", "x", true},
      {"{a,{b,c}}d", "cd", true},
      {"a;b", "a;b", true},
      {"a;b", "a", false},
      {"\\*", "*", true},
      {"\\*", "a", false},
      {"\\{a}", "{a}", true},
      {"../up.txt", "../up.txt", true},
  };
  for (const auto& [pattern, path, matches] : cases) {
    const auto glob = PathGlob::parse(pattern);
    ASSERT_TRUE(glob) << pattern;
    EXPECT_EQ(glob.value().matches(path), matches) << pattern << " on " << path;
  }
}

TEST(PathGlob, RefusesWhatIsNotClosedOrTooLarge) {
  std::string doubling;
  for (int i = 0; i < 30; ++i) doubling += "{a,b}";
  for (const std::string& pattern :
       {std::string("[ab"), std::string("{a,b"), doubling, std::string(5000, '*')}) {
    EXPECT_EQ(PathGlob::parse(pattern).error().code(), Errc::UserFault);
  }
}

TEST(PathGlob, DoesNotExplodeOnManyStars) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(PathGlob::parse(pattern + "b").value().matches(std::string(2000, 'a')));
}

}  // namespace
}  // namespace ostler::store
