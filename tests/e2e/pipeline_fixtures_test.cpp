// SPDX-License-Identifier: Apache-2.0
// What a person is told of pipelines that use every form of the language, and of one whose every
// line is wrong. Source: reference/pipeline-yaml.md 25.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "support/child_program.hpp"
#include "support/golden.hpp"

namespace ostler {
namespace {

using testing::HasSubstr;

std::filesystem::path fixtures() {
  const char* source = std::getenv("OSTLER_SOURCE_DIR");
  return std::filesystem::path(source == nullptr ? "." : source) / "tests/data/pipeline";
}

support::ProgramResult lint(const std::vector<std::string>& files) {
  std::vector<std::string> words = {support::ostler_program(), "pipeline", "lint"};
  words.insert(words.end(), files.begin(), files.end());
  return support::run_program(words, {.environment = {}, .directory = fixtures()});
}

TEST(PipelineFixtures, AreAcceptedByLint) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(fixtures())) {
    const std::string name = entry.path().filename();
    if (name.ends_with(".yml") && name != "refused.yml") files.push_back(name);
  }
  ASSERT_EQ(files.size(), 12u);
  const auto said = lint(files);
  EXPECT_EQ(said.code, 0) << said.err;
  for (const std::string& file : files) {
    EXPECT_THAT(said.out, HasSubstr(file + ": "));
  }
  EXPECT_THAT(
      said.out,
      HasSubstr("notify.yml: 1 step, no faults; a hub of Ostler sends to webhooks only, not "
                "by github_check, github_commit_status, email, basecamp_campfire, slack, "
                "pagerduty_change_event"));
}

TEST(PipelineFixtures, AreRefusedWithEveryFaultItsPlaceAndItsLine) {
  const auto said = lint({"refused.yml"});
  EXPECT_NE(said.code, 0);
  EXPECT_EQ(said.err, support::golden("pipeline/refused.txt", said.err));
}

}  // namespace
}  // namespace ostler
