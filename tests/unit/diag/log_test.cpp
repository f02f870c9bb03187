// SPDX-License-Identifier: Apache-2.0
#include "diag/log.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ostler::diag {
namespace {

std::string printed(const LogOptions& options, Level level, Fields fields) {
  set_up_log(options);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  log(level, "job finished", fields);
  const std::string out = testing::internal::GetCapturedStdout();
  const std::string err = testing::internal::GetCapturedStderr();
  EXPECT_EQ(options.format == Format::Json ? err : out, "");
  return out + err;
}

TEST(Log, PrintsKeysAndValuesOnOneLine) {
  const auto line =
      printed({}, Level::Warn, {{"job", "a1"}, {"why", "two words\nand a \"quote\""}});
  EXPECT_NE(line.find(" warn "), std::string::npos);
  EXPECT_NE(line.find(R"(job finished job=a1 why="two words\nand a \"quote\"")"), std::string::npos)
      << line;
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
}

TEST(Log, PrintsJsonThatParses) {
  const auto line = printed({Level::Debug, Format::Json, false}, Level::Debug, {{"a", "\x01\xff"}});
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["level"], "debug");
  EXPECT_EQ(json["msg"], "job finished");
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  EXPECT_EQ(printed({Level::Notice, Format::Text, false}, Level::Info, {}), "");
  EXPECT_NE(printed({Level::Info, Format::Text, false}, Level::Info, {}), "");
}

TEST(Log, ReadsTheNamesOfLevels) {
  Level level = Level::Debug;
  EXPECT_TRUE(parse_level("fatal", level));
  EXPECT_EQ(level, Level::Error);
  EXPECT_FALSE(parse_level("loud", level));
}

}  // namespace
}  // namespace ostler::diag
