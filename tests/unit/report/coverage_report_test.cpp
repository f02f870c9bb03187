// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/report/summary.hpp"

namespace ostler::report {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using namespace std::string_literals;

TEST(CoverageReport, CountsEachLineOfCoberturaOnce) {
  const json summary = summary_of("coverage", R"(<?xml version="1.0" ?>
<coverage line-rate="0.9" lines-valid="900"><packages><package name="p"><classes>
<class name="A" filename="a.py"><methods><method name="m"><lines><line number="1" hits="1"/></lines>
</method></methods><lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class>
<class name="A$1" filename="a.py"><lines><line number="2" hits="7"/><line number="3" hits="0"/>
</lines></class>
<class name="B" filename="b.py"><lines><line number="1" hits="0"/></lines></class>
<class name="C" filename="c.py"><lines><line number="1" hits="99999999999999999999"/></lines></class>
</classes></package></packages></coverage>)");
  EXPECT_EQ(summary, json::parse(R"({"format": "cobertura", "files": 3, "lines_valid": 5,
    "lines_covered": 3, "lowest": [
      {"file": "b.py", "lines_valid": 1, "lines_covered": 0},
      {"file": "a.py", "lines_valid": 3, "lines_covered": 2}]})"));
}

TEST(CoverageReport, ReadsLcov) {
  const json summary = summary_of("coverage",
                                  "TN:unit\r\nSF:a.cpp\r\nFN:1,main\r\nDA:1,5\r\nDA:2,0,sum\r\n"
                                  "LF:900\r\nend_of_record\r\n"
                                  "TN:more\nSF:a.cpp\nDA:2,1\nDA:x,1\nDA:9\nDA:0,1\nend_of_record\n"
                                  "SF:b.cpp\nDA:7,-1\nDA:8,0\nend_of_record\n");
  EXPECT_EQ(summary, json::parse(R"({"format": "lcov", "files": 2, "lines_valid": 4,
    "lines_covered": 2, "lowest": [{"file": "b.cpp", "lines_valid": 2, "lines_covered": 0}]})"));
}

TEST(CoverageReport, TellsTheFilesOfWhichLeastWasRun) {
  std::string text;
  for (int file = 0; file < 100; ++file) {
    text += "SF:f" + std::to_string(file) + "\nDA:1,0\n";
    for (int line = 2; line < 2 + file; ++line) text += "DA:" + std::to_string(line) + ",1\n";
    text += "end_of_record\n";
  }
  const json summary = summary_of("coverage", text);
  ASSERT_EQ(summary["lowest"].size(), 20u);
  EXPECT_EQ(summary["lowest"][0]["file"], "f0");
  EXPECT_EQ(summary["lowest"][19]["file"], "f19");
}

TEST(CoverageReport, RefusesWhatIsNone) {
  const std::pair<std::string, const char*> texts[] = {
      {"", "neither Cobertura's XML nor"},
      {"\0\0\0"s, "neither Cobertura's XML nor"},
      {"mode: set\na.go:1.1,2.2 1 1\n", "neither Cobertura's XML nor"},
      {"SF:a\nDA:1,1\n", "its last file has no end_of_record"},
      {"TN:\nDA:1,1\n", "line 2: a line (DA:) of no file (SF:)"},
      {"<testsuites/>", "it begins with <testsuites>, and a Cobertura report with <coverage>"},
      {"<coverage><class filename='a'>", "line 1, column "}};
  for (const auto& [text, fault] : texts) {
    EXPECT_THAT(fault_of("coverage", text), HasSubstr(fault)) << text;
  }
  std::string many;
  for (int i = 0; i <= 100'000; ++i) many += "SF:" + std::to_string(i) + "\nend_of_record\n";
  EXPECT_EQ(fault_of("coverage", many), "it has more than 100,000 files");
}

TEST(CoverageReport, TakesNamesThatAreNoText) {
  const json summary =
      summary_of("coverage", "SF:\xff\x1b[0m\0"s + times(9000, "n") + "\nDA:1,0\nend_of_record\n");
  const std::string name = summary["lowest"][0]["file"];
  EXPECT_THAT(name, testing::StartsWith("\uFFFD [0m\uFFFDnn"));
  EXPECT_LT(name.size(), 300u);
}

}  // namespace
}  // namespace ostler::report
