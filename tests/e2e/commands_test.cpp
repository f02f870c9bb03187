// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "support/child_program.hpp"

namespace ostler {
namespace {

using support::ostler_program;
using support::run_program;
using testing::HasSubstr;

TEST(Commands, AreListedByHelp) {
  for (const char* word : {"help", "--help", "-h"}) {
    const auto result = run_program({ostler_program(), word});
    EXPECT_EQ(result.code, 0);
    for (const char* command : {"run", "hub", "agent start", "artifact upload", "meta-data set"}) {
      EXPECT_THAT(result.out, HasSubstr(std::string("\n  ") + command + " "));
    }
    EXPECT_THAT(result.out, testing::Not(HasSubstr("job-checkout")));
  }
}

TEST(Commands, TellTheVersion) {
  EXPECT_THAT(run_program({ostler_program(), "--version"}).out,
              testing::StartsWith("ostler version "));
}

TEST(Commands, SpeakAndExitAsTheGenuineAgentUnderItsName) {
  const std::string genuine =
      std::filesystem::path(ostler_program()).parent_path() / "buildkite-agent";
  EXPECT_THAT(run_program({genuine, "--version"}).out,
              testing::MatchesRegex("buildkite-agent version [0-9.]+\\+ostler\n"));
  const std::vector<std::vector<std::string>> wrongs = {
      {"meta-data", "get"}, {"meta-data", "put"}, {"nothing"}, {"artifact", "upload", "--what"}};
  for (const auto& words : wrongs) {
    std::vector<std::string> all{genuine};
    all.insert(all.end(), words.begin(), words.end());
    const auto result = run_program(all);
    EXPECT_EQ(result.code, 1) << words[0];
    EXPECT_THAT(result.err, testing::StartsWith("buildkite-agent: fatal: "));
  }
}

TEST(Commands, RefuseWordsThatNameNone) {
  for (const char* word : {"rnu", "agent", "artifact"}) {
    const auto result = run_program({ostler_program(), word});
    EXPECT_EQ(result.code, 2) << word;
    EXPECT_THAT(result.err, HasSubstr(word));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }
}

TEST(Commands, AndOptionsThatAreNearlyRightAreSaid) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows = {
      {{"bild", "list"}, "did you mean \"build\"?"},
      {{"rnu"}, "did you mean \"run\"?"},
      {{"build", "shwo"}, "unknown command \"build shwo\", did you mean \"build show\"?"},
      {{"help", "build", "shwo"}, "did you mean \"build show\"?"},
      {{"meta-data", "gte", "x"}, "did you mean \"meta-data get\"?"},
      {{"hub", "bakcup"}, "did you mean \"hub backup\"?"},
      {{"build", "list", "--jso"}, "did you mean --json?"},
      {{"artifact", "upload", "x", "--concurency=1"}, "did you mean --concurrency?"}};
  for (const auto& [words, said] : rows) {
    std::vector<std::string> all{ostler_program()};
    all.insert(all.end(), words.begin(), words.end());
    const auto result = run_program(all);
    EXPECT_EQ(result.code, 2) << words[0];
    EXPECT_THAT(result.err, HasSubstr(said));
  }
}

TEST(Commands, TellTheSecondWordsOfTheFirst) {
  const auto result = run_program({ostler_program(), "meta-data", "put"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("meta-data: say set, "));
}

TEST(Commands, SayEachSecondWordOnce) {
  const auto result = run_program({ostler_program(), "build"});
  EXPECT_EQ(result.code, 2);
  const auto first = result.err.find("cancel");
  ASSERT_NE(first, result.err.npos) << result.err;
  EXPECT_EQ(result.err.find("cancel", first + 1), result.err.npos) << result.err;
}

TEST(Commands, AreListedByTheirFirstWord) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{ostler_program(), "build", "--help"},
        {ostler_program(), "help", "build"}}) {
    const auto help = run_program(words);
    EXPECT_EQ(help.code, 0) << help.err;
    EXPECT_THAT(help.out, HasSubstr("  build list "));
    EXPECT_THAT(help.out, testing::Not(HasSubstr("queue list")));
  }
  EXPECT_EQ(run_program({ostler_program(), "help", "nothing"}).code, 2);
}

TEST(Commands, OfAJobExplainThemselvesOutsideOfOne) {
  const auto help = run_program({ostler_program(), "meta-data", "get", "--help"});
  EXPECT_EQ(help.code, 0) << help.err;
  EXPECT_THAT(help.out, HasSubstr("--default"));
}

TEST(Commands, OfAJobSayWhatTheyNeedOutsideOfOne) {
  const auto result = run_program({ostler_program(), "meta-data", "get", "a", "--job", "b"});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("BUILDKITE_AGENT_"));
}

TEST(Commands, ExplainTheirOptions) {
  const auto help = run_program({ostler_program(), "run", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("--artifacts"));
  const auto wrong = run_program({ostler_program(), "run", "--nonsense"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("see ostler run --help"));
}

}  // namespace
}  // namespace ostler
