// SPDX-License-Identifier: Apache-2.0
#include "pipeline/condition.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "pipeline/condition_check.hpp"
#include "pipeline/parse.hpp"
#include "pipeline/step_choice.hpp"

namespace ostler::pipeline {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

BuildFacts facts() {
  BuildFacts facts;
  facts.organization.slug = "acme";
  facts.pipeline.settings.slug = "app";
  facts.build.number = 7;
  facts.build.request.branch = "feature/x";
  facts.build.request.message = "Fix it [skip tests]";
  facts.build.request.commit = "abc";
  facts.env = {{"DEPLOY", "yes"}, {"EMPTY", ""}, {"PATHS", "a/b"}};
  return facts;
}

/// "true", "false", or what is wrong.
std::string answer(std::string_view text) {
  const BuildFacts build = facts();
  const auto result = BuildConditions(build).hold(text);
  if (!result) return result.error().message();
  return result.value() ? "true" : "false";
}

std::string condition_fault(std::string_view text, ConditionPlace place = ConditionPlace::Step) {
  const auto found = ConditionCheck().fault_in(text, place);
  return found ? std::to_string(found->at) + " " + found->text : "none";
}

struct Row {
  const char* text;
  const char* result;
};
class ConditionTable : public testing::TestWithParam<Row> {};
TEST_P(ConditionTable, HasItsAnswer) {
  EXPECT_EQ(answer(GetParam().text), GetParam().result) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Conditions, ConditionTable,
    testing::Values(
        // Precedence, from the tightest on.
        Row{"!false == true", "true"}, Row{"!(true == false)", "true"},
        Row{"true || true && false", "true"}, Row{"(true || true) && false", "false"},
        Row{"false && true || true", "true"}, Row{"true ? false : true ? true : false", "false"},
        Row{"false ? true : false ? true : true", "true"}, Row{"1 == 1 == true", "true"},
        // Short circuits: what is not needed is not asked for.
        Row{"true || \"${NOPE?}\" == 'x'", "true"}, Row{"false && \"${NOPE?}\" == 'x'", "false"},
        // Null.
        Row{"null", "false"}, Row{"build.tag == null", "true"}, Row{"null != build.tag", "false"},
        Row{"build.tag == 'v1'", "false"}, Row{"build.tag != 'v1'", "true"},
        Row{"build.tag =~ /./", "false"}, Row{"build.tag !~ /./", "true"},
        Row{"null includes 'a'", "false"}, Row{"build.fixed", "false"}, Row{"!build.fixed", "true"},
        Row{"build.pull_request.id == null", "true"},
        // Variables.
        Row{"build.branch == \"feature/x\"", "true"}, Row{"build.number == 7", "true"},
        Row{"build.source == 'api'", "true"}, Row{"build.source != 'webhook'", "true"},
        Row{"organization.slug == 'acme' && pipeline.slug == 'app'", "true"},
        Row{"build.env('DEPLOY') == 'yes'", "true"}, Row{"build.env('NOPE') == null", "true"},
        Row{"env('NOPE') == ''", "true"}, Row{"env(\"EMPTY\") == ''", "true"},
        Row{"build.env('BUILDKITE_BRANCH') == build.branch", "true"},
        // Regexes.
        Row{"build.message =~ /\\[skip tests\\]/", "true"}, Row{"build.message =~ /SKIP/", "false"},
        Row{"build.message =~ /SKIP/i", "true"}, Row{"build.branch !~ /^main$/", "true"},
        Row{"build.branch =~ /^feature\\/x$/", "true"},
        // Lists.
        Row{"['a', 'b'] includes 'b'", "true"}, Row{"['a', 'b'] includes 'c'", "false"},
        Row{"['v1', 'w'] includes /^v[0-9]/", "true"}, Row{"'a' includes 'a'", "true"},
        Row{"build.pull_request.labels includes 'x'", "false"}, Row{"[] includes 'a'", "false"},
        // Spelling.
        Row{"'it''s' == 'x' // no", "something is left over here; join it with && or ||"},
        Row{R"('it\'s' == "it's")", "true"},
        Row{R"("\x41\102\n\e" == "AB
)",
            "a text that does not end; close it with \""},
        Row{R"("\x41\102\s" == 'AB ')", "true"}, Row{"true // true or false\n && false", "false"},
        Row{"\n true \t", "true"},
        // Shell variables.
        Row{"$DEPLOY == 'yes'", "true"}, Row{"${DEPLOY} == \"y${DEPLOY:1:1}s\"", "true"},
        Row{"${NOPE:-none} == 'none'", "true"}, Row{"${EMPTY-none} == ''", "true"},
        Row{"${DEPLOY:+set} == 'set'", "true"}, Row{"${EMPTY:+set} == ''", "true"},
        Row{"\"${PATHS}/c\" == 'a/b/c'", "true"},
        Row{"${EMPTY:?is not set} == ''", "$EMPTY: is not set"},
        Row{"${NOPE:-${EMPTY:+no}${DEPLOY:+a$$b}} == 'a$b'", "true"},
        Row{"${NOPE:-{x} == '{x'", "true"}, Row{"\"$_X\" == '$_X'", "true"},
        Row{"${NOPE?${DEPLOY} not} == ''", "$NOPE: yes not"},
        Row{"${NOPE:?} == ''", "$NOPE: not set"}));

class ConditionFaults : public testing::TestWithParam<Row> {};
TEST_P(ConditionFaults, AreNamedWithTheirPlace) {
  EXPECT_THAT(condition_fault(GetParam().text), StartsWith(GetParam().result)) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Conditions, ConditionFaults,
    testing::Values(
        Row{"build.brnch == 'a'", "0 there is no \"build.brnch\"; did you mean \"build.branch\"?"},
        Row{"xyzzy", "0 there is no \"xyzzy\"; a variable"},
        Row{"step.outcome == 'passed'", "0 \"step.outcome\" is known in conditions of notif"},
        Row{"build.branch", "0 the condition is a text, not true or false"},
        Row{"build.branch == 7", "13 a text cannot be compared with a number"},
        Row{"build.number == '7'", "13 a number cannot be compared"},
        Row{"true && build.branch", "8 this is a text, not true or false"},
        Row{"!build.branch", "1 this is a text"},
        Row{"build.source == 'github'", "16 it is never \"github\"; it is one of api, ui"},
        Row{"'api' == build.source", "0 write the variable on the left"},
        Row{"build.source =~ /api/", "0 this is one of some words and takes no regex"},
        Row{"build.branch =~ 'main'", "16 a regex is missing here"},
        Row{"build.number =~ /7/", "0 a regex matches texts"},
        Row{"build.branch =~ /(?<!a)b/", "16 the regex cannot be used: "},
        Row{"build.branch =~ /a++/", "16 the regex cannot be used: "},
        Row{"build.branch =~ /a/g", "19 the only flag of a regex is i"},
        Row{"build.branch =~ /a", "16 a regex that does not end"},
        Row{"/a/ =~ build.branch", "0 a regex stands only behind"},
        Row{"build.number includes 'a'", "0 includes looks into lists"},
        Row{"['a', 1] includes 'a'", "6 a list holds texts"},
        Row{"build.branch = 'main'", "13 = is no operator; write =="},
        Row{"true & true", "5 & is no operator; write it twice"}, Row{"'a", "0 a text that does"},
        Row{"(true", "5 \")\" is missing here"}, Row{"true &&", "7 it ends too early"},
        Row{"true true", "5 something is left over"}, Row{"", "0 it ends too early"},
        Row{"true ? 1 : 'a'", "5 the two sides of ? : must be alike"},
        Row{"build.env('BUILDKITE_JOB_ID') == ''", "10 a condition cannot ask for BUILDKITE_JOB"},
        Row{"build.env(7) == ''", "0 build.env takes the name"},
        Row{"exec('x') == ''", "0 there is no function \"exec\""},
        Row{"\"\\400\" == ''", "1 the largest octal"}, Row{"1.5 == 1", "0 only whole"},
        Row{"99999999999999999999 == 1", "0 the number is too large"},
        Row{"# true", "0 a character that means nothing"},
        Row{"true && $BUILDKITE_AGENT_NAME == 'x'", "8 a condition cannot ask for BUILDKITE_AGENT"},
        Row{"\"a$BUILDKITE_AGENT_NAME\" == ''", "0 a condition cannot ask for BUILDKITE_AGENT_NA"},
        Row{"${A:-${B-\\$C$BUILDKITE_JOB_ID}} == ''", "0 a condition cannot ask for BUILDKITE_JOB"},
        Row{"${A:+$BUILDKITE_JOB_ID} == ''", "0 a condition cannot ask for BUILDKITE_JOB_ID"},
        Row{"$_X == ''", "0 a $ without a variable"},
        Row{"${_X} == ''", "0 \"${_X}\" needs a name that starts with a letter"},
        Row{"${A*B} == ''", "0 \"${A*B}\" has an unknown operator"},
        Row{"${A:x} == ''", "0 \"${A:x}\" needs whole numbers"},
        Row{"\"a ${A\" == ''", "3 a ${ that does not end"},
        Row{"build.branch =~ /\\pL{40}/", "16 the regex is too large"},
        Row{"build.branch =~ /.{800}/", "16 the regex is too large"},
        Row{"build.branch =~ /\\p{L}\\pL\\PN\\pN\\pL/", "16 the regex has more than 4 classes"}));

TEST(Condition, MayNameTheStepInANotification) {
  EXPECT_EQ(condition_fault("step.outcome == 'hard_failed'", ConditionPlace::Notification), "none");
}

TEST(Condition, IsBoundedInDepthAndSize) {
  EXPECT_THAT(condition_fault(std::string(1'000, '(')), HasSubstr("nested too deeply"));
  EXPECT_THAT(condition_fault(std::string(1'000, '!') + "true"), HasSubstr("nested too deeply"));
  EXPECT_THAT(condition_fault(std::string(10'001, ' ')), HasSubstr("longer than 10000 bytes"));
  std::string many = "true";
  for (int i = 0; i < 1'000; ++i) many += " && true";
  EXPECT_EQ(answer(many), "true");
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  while (times-- > 0) all += text;
  return all;
}

TEST(Condition, IsBoundedInItsRegexes) {
  EXPECT_EQ(condition_fault("true" + repeated(" && null =~ /a/", 16)), "none");
  EXPECT_EQ(condition_fault("true" + repeated(" && null =~ /a/", 17)),
            "256 more than 16 regexes; join some of them with |");
  EXPECT_THAT(condition_fault("null =~ /" + std::string(1'001, 'a') + "/"),
              StartsWith("8 the regex is lon"));
}

TEST(Condition, IsBoundedTogetherWithTheOthersOfItsPipeline) {
  ConditionCheck check;
  for (int i = 0; i < 2'000; ++i) ASSERT_FALSE(check.fault_in("null =~ /the same/"));
  std::string found;
  for (int i = 0; i < 1'000 && found.empty(); ++i) {
    const auto fault = check.fault_in("null =~ /" + std::to_string(i) + "/");
    if (fault) found = std::to_string(i) + " " + fault->text;
  }
  EXPECT_THAT(found, StartsWith("999 the conditions of this pipeline have more than 1000 regexes"));
  for (int i = 1'000; i < 1'200 && !found.starts_with("more"); ++i) {
    const auto fault = check.fault_in(std::to_string(i) + " == 1" + std::string(9'000, ' '));
    if (fault) found = fault->text;
  }
  EXPECT_THAT(found, HasSubstr("more than 1 MiB"));
}

TEST(Condition, IsReadOnceForABuildHoweverManyStepsHaveIt) {
  const BuildFacts build = facts();
  BuildConditions conditions(build);
  for (int i = 0; i < 1'001; ++i) ASSERT_TRUE(conditions.hold("build.branch =~ /x$/")) << i;
}

TEST(Condition, IsBoundedInTheTextThatARegexLooksAt) {
  BuildFacts build = facts();
  build.build.request.message = std::string(65'536, 'a');
  EXPECT_TRUE(BuildConditions(build).hold("build.message =~ /a$/").value());
  build.build.request.message += 'a';
  for (const char* text : {"build.message =~ /a$/", "[build.message] includes /a$/"}) {
    const auto answer = BuildConditions(build).hold(text);
    ASSERT_FALSE(answer) << text;
    EXPECT_THAT(answer.error().message(), StartsWith("a text of 65537 bytes is too long"));
  }
}

TEST(Condition, IsBoundedInTheWorkOfAllRegexesOfABuild) {
  BuildFacts build = facts();
  build.build.request.message = std::string(60'000, 'a');
  BuildConditions conditions(build);
  std::string found;
  for (int i = 0; i < 10 && found.empty(); ++i) {
    const auto answer = conditions.hold("build.message =~ /.{170}" + std::to_string(i) + "/");
    if (!answer) found = std::to_string(i) + " " + answer.error().message();
  }
  EXPECT_THAT(found, StartsWith("1 the conditions of this build have too many"));
}

TEST(Condition, IsBoundedInTheTextItWorksWith) {
  BuildFacts build = facts();
  build.env = {{"A", std::string(50'000, 'a')}};
  const auto outcome = [&](const std::string& text) {
    const auto answer = BuildConditions(build).hold(text);
    return answer ? "none" : answer.error().message();
  };
  EXPECT_EQ(outcome('"' + repeated("$A", 20) + "\" == ''"), "none");
  for (const std::string& text :
       {'"' + repeated("$A", 4'000) + '"', "${B:-" + repeated("$A", 4'000) + '}',
        '[' + repeated("$A,", 1'500) + "$A] includes 'x' || 'a'",
        '[' + repeated("env('A'),", 100) + "'a'] includes 'x' || 'a'"}) {
    EXPECT_THAT(outcome(text + " == ''"), StartsWith("it works with more than 1 MiB of text"));
  }
}

TEST(Condition, OfAStepIsPlacedInItsFile) {
  const auto first_line = [](std::string_view yaml) {
    const auto parsed = parse(yaml, {{"B", "build.brnch"}}, "p.yml");
    return parsed ? "none" : parsed.error().message();
  };
  EXPECT_EQ(first_line("- command: a\n  if: build.branch == 7\n"),
            "p.yml:2:20: if: a text cannot be compared with a number");
  EXPECT_THAT(first_line("- {command: a, if: \"build.brnch == null\"}"), StartsWith("p.yml:1:21:"));
  EXPECT_THAT(first_line("- command: a\n  if: |\n    build.branch == 7\n"),
              StartsWith("p.yml:2:7: if: a text"));
  EXPECT_THAT(first_line("- command: a\n  if: true && $B == 'x'\n"), StartsWith("p.yml:2:7: if: "));
  EXPECT_THAT(first_line("- command: a\n  if: \"true\"\n  branches: main\n"),
              HasSubstr("if and branches do not go together"));
  EXPECT_EQ(first_line("- command: a\n  if: ''\n- {wait: ~, if: ~}\n"), "none");
}

TEST(Condition, LeavesOutTheStepsForWhichItIsFalse) {
  auto definition =
      parse("[{command: a, if: build.number == 7}, {wait: ~, if: build.number == 8}]", {}).value();
  ASSERT_TRUE(has_choice(definition));
  FaultList faults("p.yml");
  choose_steps(definition, facts(), faults);
  EXPECT_TRUE(faults.empty());
  EXPECT_FALSE(definition.steps[0].skip);
  EXPECT_EQ(definition.steps[1].skip, "conditional_failed");
  definition.steps[0].conditions[0].text = "${EMPTY:?is not set} == ''";
  definition.steps[1].conditions[0].text = "${NONE:?is needed} == ''";
  definition.steps[1].skip.reset();
  choose_steps(definition, facts(), faults);
  EXPECT_EQ(faults.error().message(),
            "p.yml:1:19: if: ${EMPTY:?is not set} == '': $EMPTY: is not set\n"
            "p.yml:1:53: if: ${NONE:?is needed} == '': $NONE: is needed");
}

}  // namespace
}  // namespace ostler::pipeline
