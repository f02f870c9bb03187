// SPDX-License-Identifier: Apache-2.0
#include "artifact/glob.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ostler::artifact {
namespace {

Glob glob_of(std::string_view pattern) {
  auto glob = Glob::parse(pattern);
  EXPECT_TRUE(glob) << pattern;
  return glob ? std::move(glob).value() : Glob();
}

struct Case {
  std::string_view pattern;
  std::string_view path;
  bool matches;
};

TEST(Glob, MatchesWhatItsSyntaxSays) {
  constexpr Case kCases[] = {
      {"a", "a", true},
      {"a", "b", false},
      {"a", "ab", false},
      {"", "", true},
      {"?", "x", true},
      {"?", "/", false},
      {"?", "é", true},
      {"a?c", "abc", true},
      {"*", "", true},
      {"*", ".hidden", true},
      {"*", "a/b", false},
      {"a*b", "acccccb", true},
      {"a*b", "a/b", false},
      {"*.txt", "x.txt", true},
      {"*.txt", "d/x.txt", false},
      {"**", "a/b/c", true},
      {"a**b", "a/c/b", true},
      {"a**b", "a/b/c", false},
      {"**/x", "x", true},
      {"**/x", "a/b/x", true},
      {"**/x", "ax", false},
      {"a/**/b", "a/b", true},
      {"a/**/b", "a/c/d/b", true},
      {"a/**/b", "ab", false},
      {"a/**/**/b", "a/b", true},
      {"a/**", "a/b/c", true},
      {"a/**", "a", false},
      {"***/x", "x", true},
      {"{a,b}", "a", true},
      {"{a,b}", "c", false},
      {"x{,y}", "x", true},
      {"x{,y}", "xy", true},
      {"{a/b,c}/d", "a/b/d", true},
      {"{a,{b,c}d}e", "cde", true},
      {"{*,x/**}.log", "x/y/z.log", true},
      {"a,b", "a,b", true},
      {"a}b", "a}b", true},
      {"[abc]", "b", true},
      {"[abc]", "d", false},
      {"[^abc]", "d", true},
      {"[^abc]", "a", false},
      {"[^abc]", "/", false},
      {"[a-c]x", "bx", true},
      {"[a-c]x", "dx", false},
      {"[a-]", "-", true},
      {"[\\]]", "]", true},
      {"\\*", "*", true},
      {"\\*", "x", false},
      {"\\{a,b}", "{a,b}", true},
      {"[äö]", "ö", true},
      {"a\xff*", "a\xff\xfe", true},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(glob_of(c.pattern).matches(c.path), c.matches) << c.pattern << " on " << c.path;
  }
}

TEST(Glob, RefusesWhatHasNoMeaning) {
  for (const char* pattern : {"[", "[a", "{", "{a", "{a,", "]", "a\\", "[b-a]", "[a\\"}) {
    const auto glob = Glob::parse(pattern);
    ASSERT_FALSE(glob) << pattern;
    EXPECT_EQ(glob.error().code(), Errc::UserFault);
  }
  EXPECT_FALSE(Glob::parse(std::string(33, '{') + std::string(33, '}')));
  EXPECT_FALSE(Glob::parse(std::string(16 * 1024 + 1, 'a')));
}

TEST(Glob, TellsItsLiteralDirectories) {
  EXPECT_EQ(glob_of("build/out/*.log").root(), "build/out/");
  EXPECT_EQ(glob_of("/var/log/a*").root(), "/var/log/");
  EXPECT_EQ(glob_of("../x/{a,b}").root(), "../x/");
  EXPECT_EQ(glob_of("*.log").root(), "");
  EXPECT_FALSE(glob_of("a/b*").is_literal());
  EXPECT_EQ(glob_of("a/b\\*").literal(), "a/b*");
}

TEST(Glob, StandsTheHomeDirectoryForATilde) {
  const auto glob = Glob::parse("~/logs/*", "/home/a*b");
  ASSERT_TRUE(glob);
  EXPECT_EQ(glob.value().root(), "/home/a*b/logs/");
  EXPECT_TRUE(glob.value().matches("/home/a*b/logs/x"));
  EXPECT_FALSE(glob.value().matches("/home/aXb/logs/x"));
}

TEST(Glob, GivesUpOnADirectoryThatCannotHoldAMatch) {
  const Glob glob = glob_of("build/*/x.log");
  EXPECT_TRUE(glob.advance(glob.begin(), "a/b/").empty());
  EXPECT_FALSE(glob.advance(glob.begin(), "a/").empty());
}

TEST(Glob, TakesTimeInProportionWhateverThePattern) {
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "{a*,*a,**}";
  EXPECT_FALSE(glob_of(pattern + "b").matches(std::string(2000, 'a')));
}

// Matches by trying everything: slow, short, and written another way than the engine.
class SlowMatcher {
 public:
  static bool matches(const std::string& pattern, const std::string& path) {
    for (const std::string& plain : without_braces(pattern)) {
      if (plain_matches(plain, path, true)) return true;
    }
    return false;
  }

 private:
  // The first {…} without braces inside, replaced by each of its parts, until none is left.
  static std::vector<std::string> without_braces(const std::string& pattern) {
    const std::size_t close = pattern.find('}');
    if (close == std::string::npos) return {pattern};
    const std::size_t open = pattern.rfind('{', close);
    std::vector<std::string> all;
    std::string part;
    for (std::size_t i = open + 1; i <= close; ++i) {
      if (i != close && pattern[i] != ',') {
        part += pattern[i];
        continue;
      }
      const std::string next = pattern.substr(0, open) + part + pattern.substr(close + 1);
      for (std::string& plain : without_braces(next)) all.push_back(std::move(plain));
      part.clear();
    }
    return all;
  }

  static bool plain_matches(const std::string& pattern, const std::string& path, bool at_start) {
    if (pattern.empty()) return path.empty();
    if (pattern.starts_with("**")) return double_star_matches(pattern, path, at_start);
    if (pattern[0] == '*') {
      if (plain_matches(pattern.substr(1), path, false)) return true;
      return !path.empty() && path[0] != '/' && plain_matches(pattern, path.substr(1), false);
    }
    if (path.empty()) return false;
    const bool same = pattern[0] == '?' ? path[0] != '/' : pattern[0] == path[0];
    return same && plain_matches(pattern.substr(1), path.substr(1), pattern[0] == '/');
  }

  static bool double_star_matches(const std::string& pattern, const std::string& path,
                                  bool at_start) {
    const std::string rest = pattern.substr(2);
    if (at_start && rest.starts_with('/') && plain_matches(rest.substr(1), path, true)) return true;
    for (std::size_t taken = 0; taken <= path.size(); ++taken) {
      if (plain_matches(rest, path.substr(taken), false)) return true;
    }
    return false;
  }
};

std::string random_text(std::mt19937& random, std::string_view letters, std::size_t longest) {
  std::string text;
  for (std::size_t left = random() % (longest + 1); left > 0; --left) {
    text += letters[random() % letters.size()];
  }
  return text;
}

// No two stars meet once braces are expanded, and "**/" stands at the start of a component.
std::string random_pattern(std::mt19937& random) {
  static constexpr std::string_view kPieces[] = {"a",   "b",      "/",       "?",        "*",
                                                 "**/", "{a,/b}", "{b,a*b}", "{a,{b,}/}"};
  std::string pattern;
  for (std::size_t left = random() % 7; left > 0; --left) {
    const std::string_view piece = kPieces[random() % std::size(kPieces)];
    if (piece == "**/" && !pattern.empty() && !pattern.ends_with('/')) continue;
    if (piece[0] == '*' && pattern.ends_with('*')) continue;
    pattern += piece;
  }
  return pattern;
}

TEST(Glob, AgreesWithTryingEverything) {
  std::mt19937 random(20260101);  // NOLINT: the same cases in every run
  int matched = 0;
  for (int i = 0; i < 60'000; ++i) {
    const std::string pattern = random_pattern(random);
    const std::string path = random_text(random, "ab/", 6);
    const bool expected = SlowMatcher::matches(pattern, path);
    matched += expected ? 1 : 0;
    ASSERT_EQ(glob_of(pattern).matches(path), expected) << pattern << " on " << path;
  }
  EXPECT_GT(matched, 2'000);
}

}  // namespace
}  // namespace ostler::artifact
