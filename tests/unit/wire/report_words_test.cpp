// SPDX-License-Identifier: Apache-2.0
#include "wire/report_words.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ostler::wire {
namespace {

using nlohmann::json;

json junit(const std::string& summary) {
  return {{"kind", "junit"}, {"name", "unit"}, {"summary", json::parse(summary)}};
}

TEST(ReportWords, NameTheFirstTestsThatFailed) {
  const json one = junit(R"({"tests": 214, "failures": 1, "errors": 1,
    "failed": [{"name": "b", "class": "a"}, {"name": "c"}]})");
  EXPECT_EQ(describe_report(one), "junit unit: 2 of 214 failed: a.b, c");
  EXPECT_EQ(describe_failed_tests(one), "2 of 214 failed: a.b, c");
  const json more = junit(R"({"tests": 9, "failures": 7, "failed":
    [{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}]})");
  EXPECT_EQ(describe_report(more), "junit unit: 7 of 9 failed: a, b, c and 4 more");
}

TEST(ReportWords, TellWhatPassed) {
  const json all = junit(R"({"tests": 9, "failures": 0, "skipped": 2, "failed": []})");
  EXPECT_EQ(describe_report(all), "junit unit: 7 passed, 2 skipped");
  EXPECT_EQ(describe_failed_tests(all), "");
}

TEST(ReportWords, TellReportsOfOtherKinds) {
  EXPECT_EQ(describe_report(json::parse(R"({"kind": "coverage", "name": "unit", "summary":
    {"lines_valid": 1000, "lines_covered": 999, "lowest":
     [{"file": "a.c", "lines_valid": 3, "lines_covered": 2}]}})")),
            "coverage unit: 99.9 % of 1000 lines; least: a.c 66.6 %");
  EXPECT_EQ(describe_report(json::parse(R"({"kind": "sarif", "name": "lint", "summary":
    {"levels": {"error": 1, "warning": 4, "note": 0, "none": 0}, "results":
     [{"rule": "R", "file": "a.c", "line": 3}, {"rule": "S", "file": "b.c"}, {"rule": "T"}]}})")),
            "sarif lint: 1 error, 4 warnings, 0 notes: R a.c:3, S b.c, T and 2 more");
  EXPECT_EQ(describe_report(json::parse(R"({"kind": "table", "name": "sizes", "summary":
    {"columns": ["a"], "rows": [[1], [2]]}})")),
            "table sizes: 2 rows of 1 column");
}

TEST(ReportWords, BearWhatNoAgentOfOursSends) {
  for (const char* text :
       {"null", "7", "[]", R"({"kind": 3})", R"({"kind": "junit", "summary": []})",
        R"({"kind": "junit", "summary": {"failures": 18446744073709551615, "errors": -1,
            "tests": 1e9, "failed": {"a": 1}}})",
        R"({"kind": "coverage", "summary": {"lines_valid": 1, "lines_covered": 9223372036854775807,
            "lowest": 5}})",
        R"({"kind": "sarif", "summary": {"levels": {"error": 9223372036854775807,
            "warning": 9223372036854775807}, "results": [[], null]}})",
        R"({"kind": "table", "summary": {"rows": 3, "columns": null}})"}) {
    (void)describe_report(json::parse(text));
    EXPECT_EQ(describe_failed_tests(json::parse(text)).find('-'), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace ostler::wire
