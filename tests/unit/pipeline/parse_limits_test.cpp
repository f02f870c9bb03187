// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <string>
#include <utility>

#include "pipeline/parse.hpp"

namespace ostler::pipeline {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string first_fault(const std::string& yaml) {
  const auto result = parse(yaml, {}, "p.yml");
  return result ? "parsed" : result.error().message();
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

/// Processor time that it takes to parse; other programs do not count.
std::clock_t cost_of(const std::string& yaml, const model::Variables& env = {}) {
  const std::clock_t start = std::clock();
  EXPECT_TRUE(parse(yaml, env));
  return std::clock() - start;
}

model::Variables many_variables(int count) {
  model::Variables variables;
  for (int i = 0; i < count; ++i) variables.emplace_back("K" + std::to_string(i), "v");
  return variables;
}

TEST(ParseLimits, TakeTenThousandStepsAndNoMore) {
  const std::string step = "- {command: \"make all\", label: \"Build\", env: {A: 1, B: 2}}\n";
  EXPECT_EQ(first_fault(repeated(step, 10'000)), "parsed");
  EXPECT_THAT(first_fault(repeated(step, 10'001)), HasSubstr("more than 10000 steps"));
}

TEST(ParseLimits, RefuseBytesThatAreNotText) {
  EXPECT_THAT(first_fault("steps:\n- command: \"\xFF\"\n"), StartsWith("p.yml:2:13: "));
  EXPECT_THAT(first_fault(std::string("steps:\0", 7)), StartsWith("p.yml:1:7: "));
  EXPECT_THAT(first_fault("\xFF\xFEs\0t\0"), StartsWith("p.yml:1:1: "));
  EXPECT_EQ(first_fault("\xEF\xBB\xBFsteps: []\n"), "parsed");
}

TEST(ParseLimits, RefuseTextThatIsTooLarge) {
  EXPECT_THAT(first_fault("steps: []\n#" + std::string(5u << 20, 'x')), HasSubstr("4 MiB"));
}

TEST(ParseLimits, RefuseDeepNesting) {
  EXPECT_THAT(first_fault("x: " + repeated("[", 65)), HasSubstr("64 levels"));
  EXPECT_THAT(first_fault(repeated("[", 100'000)), StartsWith("p.yml:"));
  EXPECT_THAT(first_fault(repeated("{a: ", 100'000)), StartsWith("p.yml:"));
  EXPECT_THAT(first_fault(repeated("- ", 100'000)), StartsWith("p.yml:"));
}

TEST(ParseLimits, HoldForAllDocumentsTogether) {
  EXPECT_EQ(first_fault(repeated("---\n- wait\n", 500)), "parsed");
  EXPECT_THAT(first_fault(repeated("---\n- wait\n", 501)), HasSubstr("more than 500 documents"));
  const std::string half = "---\nx: [" + repeated("1,", 250'000) + "1]\nsteps: []\n";
  EXPECT_EQ(first_fault(half), "parsed");
  EXPECT_THAT(first_fault(half + half), HasSubstr("more than 500000 values; split the pipeline"));
}

TEST(ParseLimits, MakeDocumentsNoDearerByWhatIsInTheOnesBefore) {
  std::string large = "env: {";
  for (const auto& [name, value] : many_variables(50'000)) large += name + ": " + value + ", ";
  large += "}\nsteps: [wait]\n";
  EXPECT_LT(cost_of(large + repeated("---\nenv: {A: 1}\nsteps: [wait]\n", 499)),
            3 * cost_of(large));
}

TEST(ParseLimits, MakeDocumentsNoDearerByTheVariablesOfTheBuild) {
  const model::Variables env = many_variables(50'000);
  const std::string document = "---\nenv: {A: 1, K7: w}\nsteps: [wait]\n";
  EXPECT_LT(cost_of(repeated(document, 500), env), 20 * cost_of(document, env));
}

TEST(ParseLimits, RefuseAnAliasToWhatItStandsIn) {
  EXPECT_THAT(first_fault("steps: &s\n- *s\n"), StartsWith("p.yml:2:3: "));
  EXPECT_THAT(first_fault("x: &x {<<: *x}\nsteps: []\n"), StartsWith("p.yml:1:"));
}

TEST(ParseLimits, SurviveManyAliasesOfAliases) {
  std::string yaml = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 100; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    yaml +=
        "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last + ", " + last + "]\n";
  }
  EXPECT_EQ(first_fault(yaml + "steps: []\n"), "parsed");
  EXPECT_THAT(first_fault(yaml + "steps: [command: *a99]\n"), StartsWith("p.yml:"));
}

TEST(ParseLimits, RefuseMergesThatMultiply) {
  std::string yaml = "m: &m {" + repeated("a", 1);
  for (int i = 0; i < 1'000; ++i) yaml += ", k" + std::to_string(i) + ": 1";
  yaml += "}\nall: [" + repeated("{<<: [*m, *m, *m, *m, *m, *m, *m, *m, *m, *m]}, ", 1'000);
  EXPECT_THAT(first_fault(yaml + "]\nsteps: []\n"), HasSubstr("merges more than"));
}

TEST(ParseLimits, RefuseMergesOfLongKeysThatMultiply) {
  const std::string yaml = "m: &m {? " + std::string(100'000, 'k') + " : 1}\nall: [" +
                           repeated("{<<: *m}, ", 1'000) + "]\nsteps: []\n";
  EXPECT_THAT(first_fault(yaml), HasSubstr("64 MiB"));
}

TEST(ParseLimits, RefuseAnEnvironmentThatAliasesMultiply) {
  std::string yaml = "x: &x {";
  for (int i = 0; i < 5'000; ++i) yaml += "K" + std::to_string(i) + ": value, ";
  yaml += "}\nsteps:\n" + repeated("- {command: a, env: *x}\n", 5'000);
  EXPECT_THAT(first_fault(yaml), HasSubstr("64 MiB"));
}

TEST(ParseLimits, RefuseNumbersOfPluginsThatAliasesMultiply) {
  // 62 MiB of lists, then 3 MiB of numbers.
  std::string yaml = "a0: &a0 [" + repeated("~,", 8) + "]\n";
  for (int i = 1; i < 6; ++i) {
    const std::string name = "a" + std::to_string(i);
    yaml += name + ": &" + name + " [" + repeated("*a" + std::to_string(i - 1) + ",", 8) + "]\n";
  }
  yaml += "steps: [{command: a, plugins: [p: [" + repeated("*a5,", 3) + repeated("*a4,", 3);
  const std::string numbers = "&n 0." + std::string(500, '1') + repeated(",*n", 6'000);
  EXPECT_THAT(first_fault(yaml + numbers + "]]}]\n"), HasSubstr("64 MiB"));
}

TEST(ParseLimits, RefuseVariablesThatMultiply) {
  std::string yaml = "env:\n  A0: xxxxxxxxxx\n";
  for (int i = 1; i < 64; ++i) {
    const std::string last = "$A" + std::to_string(i - 1);
    yaml += "  A" + std::to_string(i) + ": " + last + last + "\n";
  }
  EXPECT_THAT(first_fault(yaml + "steps: []\n"), HasSubstr("1 MiB"));
}

/// Processor time that it takes to refuse a text.
std::clock_t cost_of_refusing(const std::string& yaml, std::string_view why) {
  const std::clock_t start = std::clock();
  EXPECT_THAT(first_fault(yaml), HasSubstr(std::string(why)));
  return std::clock() - start;
}

constexpr std::clock_t kAFewSeconds = 3 * CLOCKS_PER_SEC;

TEST(ParseLimits, LookForTheTokensOfAMatrixInSoMuchTextAlone) {
  const std::string decoy = repeated("{", 200'000);
  const std::string yaml = "- matrix: [x]\n  env: {A: '" + decoy + "'}\n  command: '" +
                           repeated("{{matrix.os}} ", 20'000) + "'\n";
  EXPECT_LT(cost_of_refusing(yaml, "and 19900 more faults"), kAFewSeconds);
}

/// A large group that waits for a hundred steps, which stand before it or in it.
std::string group_with_dependencies(bool in_it) {
  std::string group = "- group: g\n  depends_on: [";
  std::string steps;
  for (int i = 0; i < 100; ++i) {
    const std::string key = "k" + std::to_string(i);
    group += key + ", ";
    steps += std::string(in_it ? "  - " : "- ") + "{command: a, key: " + key + "}\n";
  }
  group += "]\n  steps:\n" + repeated("  - command: a\n", 1'800);
  return in_it ? group + steps : steps + group;
}

TEST(ParseLimits, FindManyCirclesAsSoonAsNone) {
  const std::clock_t circles = cost_of_refusing(group_with_dependencies(true), "in a circle");
  EXPECT_LT(circles, 4 * cost_of(group_with_dependencies(false)));
}

TEST(ParseLimits, StopAtADimensionOrAnAdjustmentTooMany) {
  std::string setup;
  for (int i = 0; i < 3'000; ++i) setup += "d" + std::to_string(i) + ": [x], ";
  const std::string yaml = "- command: a\n  matrix:\n    setup: &s {" + setup +
                           "}\n    adjustments: [" + repeated("{with: *s}, ", 50) + "]\n";
  EXPECT_LT(cost_of_refusing(yaml, "at most 6 dimensions"), kAFewSeconds);
  EXPECT_EQ(first_fault(yaml).find("with must"), std::string::npos);
}

/// A step with so many settings of a plugin, or so many plugins.
std::string step_with_plugin(int settings, std::string_view begin, std::string_view end) {
  std::string yaml = "- command: a\n  plugins: " + std::string(begin);
  for (int i = 0; i < settings; ++i) yaml += "\"ostler://p" + std::to_string(i) + "\": ~, ";
  return yaml + std::string(end) + "\n";
}

TEST(ParseLimits, MakeKeysOfPluginsNoDearerByTheOnesBefore) {
  for (const auto& [begin, end] : {std::pair("[{p: {", "}}]"), std::pair("[{", "}]")}) {
    EXPECT_LT(cost_of(step_with_plugin(16'000, begin, end)),
              36 * cost_of(step_with_plugin(1'000, begin, end)));
  }
}

/// A field whose options are all defaults, too.
std::string field_with_options(int count) {
  std::string options;
  std::string defaults;
  for (int i = 0; i < count; ++i) {
    const std::string value = "v" + std::to_string(i);
    options += "{label: a, value: " + value + "}, ";
    defaults += value + ", ";
  }
  return "- block: b\n  fields: [{select: s, key: k, multiple: true, options: [" + options +
         "], default: [" + defaults + "]}]\n";
}

TEST(ParseLimits, MakeOptionsNoDearerByTheOnesBefore) {
  EXPECT_LT(cost_of(field_with_options(16'000)), 36 * cost_of(field_with_options(1'000)));
}

TEST(ParseLimits, ShowAHundredFaultsAndCountTheRest) {
  std::string yaml;
  for (int i = 0; i < 10'000; ++i) {
    yaml += "- {command: a, key: k" + std::to_string(i) + ", depends_on: nobody}\n";
  }
  const std::string text = first_fault(yaml);
  EXPECT_THAT(text, HasSubstr("and 9900 more faults"));
  EXPECT_LT(text.size(), 20'000u);
}

}  // namespace
}  // namespace ostler::pipeline
