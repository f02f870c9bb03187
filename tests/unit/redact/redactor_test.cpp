// SPDX-License-Identifier: Apache-2.0
#include "redact/redactor.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include <initializer_list>
#include <vector>

namespace ostler::redact {
namespace {

class RedactorTest : public testing::Test {
 protected:
  void hide(std::initializer_list<std::string_view> secrets) {
    for (const auto secret : secrets) needles_.add(secret);
  }
  std::string shown(std::initializer_list<std::string_view> writes) {
    std::string out;
    for (const auto bytes : writes) redactor_.write(bytes, out);
    redactor_.flush(out);
    return out;
  }
  std::string written(std::string_view bytes) {
    std::string out;
    redactor_.write(bytes, out);
    return out;
  }

  NeedleSet needles_;
  Redactor redactor_{needles_};
};

TEST_F(RedactorTest, PassesEverythingWithoutNeedles) {
  EXPECT_EQ(written("any text\n"), "any text\n");
}

TEST_F(RedactorTest, ReplacesANeedleWhereverItStands) {
  hide({"hunter2hunter2"});
  EXPECT_EQ(shown({"hunter2hunter2"}), "[REDACTED]");
  EXPECT_EQ(shown({"a hunter2hunter2 b hunter2hunter2"}), "a [REDACTED] b [REDACTED]");
}

TEST_F(RedactorTest, FindsANeedleAcrossEveryBorderOfWrites) {
  const std::string text = "pass=correct horse battery;";
  hide({"correct horse battery"});
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(shown({text.substr(0, cut), text.substr(cut)}), "pass=[REDACTED];") << cut;
  }
}

TEST_F(RedactorTest, MergesOverlappingMatchesAndKeepsAdjacentOnesApart) {
  hide({"abcdef", "defghi"});
  EXPECT_EQ(shown({"abcdefghi"}), "[REDACTED]");
  EXPECT_EQ(shown({"abcdefabcdef"}), "[REDACTED][REDACTED]");
  EXPECT_EQ(shown({"abcdefghiabcdef"}), "[REDACTED][REDACTED]");
}

TEST_F(RedactorTest, MergesOverlapsThatArriveInLaterWrites) {
  hide({"abcdef", "defghi"});
  EXPECT_EQ(shown({"abcdef", "ghi!"}), "[REDACTED]!");
  EXPECT_EQ(shown({"abcdef", "gh", "x!"}), "[REDACTED]ghx!");
}

TEST_F(RedactorTest, TakesTheLongestOfNeedlesThatBeginAlike) {
  hide({"secret", "secret-of-the-house"});
  EXPECT_EQ(shown({"secret-of-the-house"}), "[REDACTED]");
  EXPECT_EQ(shown({"secret-of-the-barn"}), "[REDACTED]-of-the-barn");
}

TEST_F(RedactorTest, HidesARunOfTheSameByteOnce) {
  hide({"aaaaaa"});
  EXPECT_EQ(shown({"baaaaaaaaaaaaab"}), "b[REDACTED]b");
}

TEST_F(RedactorTest, WithholdsOnlyWhatMayBeTheBeginningOfANeedle) {
  hide({"topsecret"});
  EXPECT_EQ(written("a line\n$ "), "a line\n$ ");
  EXPECT_EQ(written("top"), "");
  EXPECT_EQ(written("less "), "topless ");
}

TEST_F(RedactorTest, GivesBackWhatItWithheldAtTheEnd) {
  hide({"topsecret"});
  EXPECT_EQ(written("tops"), "");
  std::string out;
  redactor_.flush(out);
  EXPECT_EQ(out, "tops");
  EXPECT_EQ(written("ecret."), "ecret.");
}

TEST_F(RedactorTest, HidesTheGoQuotedForm) {
  hide({"tab\tand \"quote\""});
  EXPECT_EQ(shown({R"(json: "tab\tand \"quote\"")"}), "json: \"[REDACTED]\"");
}

TEST_F(RedactorTest, MatchesAnyWhiteSpaceBetweenTheLinesOfANeedle) {
  hide({"-----BEGIN KEY-----\n  MIIEpAIBAAKC\n\n-----END KEY-----\n"});
  EXPECT_EQ(shown({"-----BEGIN KEY-----\nMIIEpAIBAAKC\n-----END KEY-----"}), "[REDACTED]");
  EXPECT_EQ(shown({"-----BEGIN KEY-----\r\r\n\t\v MIIEpAIBAAKC -----END KEY-----\r\n"}),
            "[REDACTED]\r\n");
  EXPECT_EQ(shown({"-----BEGIN KEY-----MIIEpAIBAAKC\n-----END KEY-----"}),
            "-----BEGIN KEY-----MIIEpAIBAAKC\n-----END KEY-----");
}

TEST_F(RedactorTest, TellsALiteralBlankFromABreak) {
  hide({"one two", "one\ntwo three"});
  EXPECT_EQ(shown({"one two. one  two three"}), "[REDACTED]. [REDACTED]");
  EXPECT_EQ(shown({"one two three"}), "[REDACTED]");
}

TEST_F(RedactorTest, BoundsTheWhiteSpaceItWithholds) {
  hide({"line one\nline two"});
  const std::string blanks(200 << 10, ' ');
  const std::string out = written("line one" + blanks);
  EXPECT_EQ(out.size(), 8 + blanks.size());
}

TEST_F(RedactorTest, HidesNeedlesOfAnyLength) {
  hide({"x", "true"});
  EXPECT_EQ(shown({"axb true tru"}), "a[REDACTED]b [REDACTED] tru");
  hide({"y\nz"});
  EXPECT_EQ(shown({"y \n z, y, z"}), "[REDACTED], y, z");
}

TEST_F(RedactorTest, CountsNeedlesFromTheWriteAfterTheirAddition) {
  EXPECT_EQ(written("late-secret "), "late-secret ");
  hide({"late-secret"});
  EXPECT_EQ(shown({"late-secret"}), "[REDACTED]");
}

TEST_F(RedactorTest, AddingANeedleKeepsAMatchThatHasBegun) {
  hide({"first-secret"});
  std::string out = written("first-");
  hide({"second-secret"});
  redactor_.write("secret second-secret!", out);
  EXPECT_EQ(out, "[REDACTED] [REDACTED]!");
}

TEST_F(RedactorTest, IgnoresBlankNeedles) {
  hide({"", " \n\t"});
  EXPECT_TRUE(needles_.empty());
  EXPECT_EQ(shown({" \n\t"}), " \n\t");
}

TEST_F(RedactorTest, StaysSmallWithTenThousandNeedles) {
  const std::size_t before = ::mallinfo2().uordblks;
  for (int i = 0; i < 10'000; ++i) {
    needles_.add("line of a secret \"" + std::to_string(i * 7919) + "\", forty characters or so");
  }
  EXPECT_EQ(written("nothing to hide "), "nothing to hide ");
  EXPECT_LT(::mallinfo2().uordblks - before, 8u << 20);
}

TEST_F(RedactorTest, StreamsOfOneJobDoNotDisturbEachOther) {
  hide({"split-secret"});
  Redactor other(needles_);
  std::string out = written("split-");
  other.write("# a line of ours\n", out);
  redactor_.write("secret\n", out);
  EXPECT_EQ(out, "# a line of ours\n[REDACTED]\n");
}

}  // namespace
}  // namespace ostler::redact
