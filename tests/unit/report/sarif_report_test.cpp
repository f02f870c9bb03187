// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/report/summary.hpp"

namespace ostler::report {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using namespace std::string_literals;

TEST(SarifReport, CountsByLevelAndTellsTheWorstFirst) {
  const json summary = summary_of("sarif", R"({"version": "2.1.0", "runs": [
    {"tool": {"driver": {"name": "t", "rules": [
      {"id": "R0"}, {"id": "R1", "defaultConfiguration": {"level": "error"}}]}},
     "results": [
      {"ruleId": "R0", "message": {"text": "not\nso good"}, "locations": [{"physicalLocation": {
        "artifactLocation": {"uri": "src/a.c"}, "region": {"startLine": 3}}}]},
      {"ruleId": "R0", "level": "note", "message": {"markdown": "*a* note"}},
      {"ruleId": "R1", "kind": "pass"},
      {"ruleId": "R1", "suppressions": [{"kind": "inSource"}]}]},
    {"tool": {"driver": {"rules": [{"id": "R2", "defaultConfiguration": {"level": "error"}}]}},
     "results": [{"ruleIndex": 0, "message": {"text": "bad"}}, {"rule": {"id": "R3"}}]}]})");
  EXPECT_EQ(summary, json::parse(R"({
    "levels": {"error": 1, "warning": 2, "note": 1, "none": 1}, "suppressed": 1, "results": [
      {"level": "error", "rule": "R2", "message": "bad"},
      {"level": "warning", "rule": "R0", "message": "not...", "file": "src/a.c", "line": 3},
      {"level": "warning", "rule": "R3"},
      {"level": "note", "rule": "R0", "message": "*a* note"},
      {"level": "none", "rule": "R1"}]})"));
}

TEST(SarifReport, TakesWhatIsOfAnotherShapeForNothing) {
  const json summary = summary_of("sarif", R"({"runs": [7, null, {"results": 3, "tool": []},
    {"tool": {"driver": {"rules": {"id": "R"}}}, "results": [[], "a", {"ruleIndex": 99,
      "level": "dire", "message": "text", "locations": {}, "suppressions": {}},
      {"ruleIndex": -1, "ruleId": 5, "locations": [[]]}, {"ruleIndex": 0}]},
    {"tool": {"driver": {"rules": "R"}}, "results": [{"ruleIndex": 0}]}]})");
  EXPECT_EQ(summary["levels"]["warning"], 6);
  EXPECT_EQ(summary["results"].size(), 6u);
  EXPECT_EQ(summary["results"][0], (json{{"level", "warning"}}));
}

TEST(SarifReport, TellsFiftyOfThem) {
  const json summary =
      summary_of("sarif", R"({"runs": [{"results": [)" + times(99'999, "{},") + "{}]}]}");
  EXPECT_EQ(summary["levels"]["warning"], 100'000);
  EXPECT_EQ(summary["results"].size(), 50u);
}

TEST(SarifReport, RefusesWhatIsNone) {
  const std::pair<std::string, const char*> texts[] = {
      {"", "it is not JSON: fault at byte"},
      {"{\"runs\": [{\"results\": [{\"me", "it is not JSON: fault at byte"},
      {"{\"runs\": [\"\xff\"]}", "it is not JSON: fault at byte"},
      {"{\"runs\": [\0]}"s, "it is not JSON: fault at byte"},
      {R"({"runs": [1e999]})", "it has a number that is too large"},
      {"[]", "it has no list \"runs\" and is no SARIF"},
      {R"({"runs": {}})", "it has no list \"runs\" and is no SARIF"},
      {"{\"runs\": " + std::string(1'000'000, '['), "more than 256 deep"},
      {std::string(kLongestSarif + 1, ' '), "it is longer than 16 MiB"}};
  for (const auto& [text, fault] : texts) {
    EXPECT_THAT(fault_of("sarif", text), HasSubstr(fault)) << text.substr(0, 100);
  }
}

}  // namespace
}  // namespace ostler::report
