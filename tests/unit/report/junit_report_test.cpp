// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/report/summary.hpp"

namespace ostler::report {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr const char* kPytest = R"(<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests"><testsuite name="pytest" errors="9" failures="9" tests="9" time="1">
<properties><property name="error" value="1"/></properties>
<testcase classname="tests.test_a" name="test_x" time="0.25"/>
<testcase classname="tests.test_a" name="test_y" file="tests/test_a.py" line="12" time="1,000.5">
<failure message="assert 1 == 2&#10; + where" type="AssertionError">a trace</failure>
<error message="and its end failed, too"/></testcase>
<testcase name="test_z"><error type="OSError">

   no &lt;file&gt;
at x</error></testcase>
<testcase classname="tests.test_a" name="test_s"><skipped message="not here"/></testcase>
<system-out>a failure</system-out></testsuite></testsuites>)";

TEST(JunitReport, CountsItsCasesAndTellsThoseThatFailed) {
  EXPECT_EQ(summary_of("junit", kPytest),
            json::parse(R"({"tests": 4, "failures": 1, "errors": 1, "skipped": 1,
              "duration_ms": 1000750, "failed": [
                {"name": "test_y", "outcome": "failure", "suite": "pytest",
                 "class": "tests.test_a", "file": "tests/test_a.py", "line": 12,
                 "message": "assert 1 == 2..."},
                {"name": "test_z", "outcome": "error", "suite": "pytest",
                 "message": "no <file>..."}]})"));
}

TEST(JunitReport, KnowsTheSuiteOfACaseAlsoBehindOneWithin) {
  const json summary = summary_of("junit", R"(<testsuite name="out"><testsuite name="in">
    <testcase name="a"><failure type="T"/></testcase></testsuite>
    <testcase name="b"><failure/></testcase></testsuite>)");
  EXPECT_EQ(summary["failed"][0]["suite"], "in");
  EXPECT_EQ(summary["failed"][0]["message"], "T");
  EXPECT_EQ(summary["failed"][1]["suite"], "out");
  EXPECT_FALSE(summary["failed"][1].contains("message"));
}

TEST(JunitReport, CountsNoFailureAsSkipped) {
  const std::string skipped = "<skipped message='later'>why</skipped>";
  const std::string failed = "<error>taking down failed</error>";
  for (const std::string& outcomes : {skipped + failed, failed + skipped}) {
    const json summary = summary_of(
        "junit", "<testsuite><testcase name='a'>" + outcomes + "</testcase></testsuite>");
    EXPECT_EQ(summary["errors"], 1);
    EXPECT_EQ(summary["skipped"], 0);
    EXPECT_EQ(summary["failed"][0]["message"], "taking down failed");
  }
}

TEST(JunitReport, TellsNoPartOfATextAsIfItWereTheWhole) {
  const json summary =
      summary_of("junit", "<testsuite><testcase name='a' line='12345678901234567890'><failure>" +
                              times(4090, " ") + "a secret thing</failure></testcase></testsuite>");
  EXPECT_EQ(summary["failed"][0]["message"], "a secret thing");
  EXPECT_FALSE(summary["failed"][0].contains("line"));
}

TEST(JunitReport, TakesNoTimeThatIsNone) {
  for (const char* time : {"", "soon", "nan", "inf", "-3", "1e999"}) {
    const json summary = summary_of(
        "junit", "<testsuite><testcase name='a' time='" + std::string(time) + "'/></testsuite>");
    EXPECT_EQ(summary["duration_ms"], 0) << time;
  }
}

TEST(JunitReport, StaysShortWhateverTheTestsSay) {
  const std::string loud = "<testcase name='" + times(1000, "n") + "' classname='" +
                           times(1000, "&quot;") + "'><failure message='" + times(5000, "&#xE9;") +
                           "'/></testcase>";
  const auto text =
      "<testsuite name='" + times(9000, "s") + "'>" + times(1000, loud) + "</testsuite>";
  const auto summary = summarize("junit", text);
  ASSERT_TRUE(summary);
  EXPECT_LT(summary.value().size(), kLongestSummary + 1000);
  const json told = json::parse(summary.value());
  EXPECT_EQ(told["failures"], 1000);
  EXPECT_GT(told["failed"].size(), 10u);
  EXPECT_THAT(told["failed"][0]["message"].get<std::string>(), testing::EndsWith("\u00E9..."));
}

TEST(JunitReport, TakesAHundredThousandFailures) {
  const json summary = summary_of(
      "junit",
      "<testsuite>" + times(100'000, "<testcase name='a'><failure/></testcase>") + "</testsuite>");
  EXPECT_EQ(summary["failures"], 100'000);
  EXPECT_EQ(summary["failed"].size(), 50u);
}

TEST(JunitReport, IsNotAnyXml) {
  EXPECT_EQ(fault_of("junit", "<html/>"),
            "it begins with <html>, and a JUnit report with <testsuites> or <testsuite>");
  EXPECT_THAT(fault_of("junit", "tests: 3"), HasSubstr("line 1, column 1: "));
  EXPECT_THAT(fault_of("junit", ""), HasSubstr("no element found"));
}

}  // namespace
}  // namespace ostler::report
