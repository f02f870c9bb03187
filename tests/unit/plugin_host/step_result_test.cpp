// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_result.hpp"

#include <gtest/gtest.h>

#include <string>

#include "supervise/box_message.hpp"

namespace ostler::plugin_host {
namespace {

supervise::BoxResult said(Outcome outcome, int exit_status = 0) {
  supervise::BoxResult result;
  result.outcome = static_cast<std::int32_t>(outcome);
  result.exit_status = exit_status;
  return result;
}

TEST(StepResult, EndsAsItsOutcomeSays) {
  EXPECT_EQ(read_result(said(Outcome::Passed, 3)).value().exit_status, 0);
  EXPECT_EQ(read_result(said(Outcome::Skipped)).value().exit_status, 0);
  EXPECT_EQ(read_result(said(Outcome::Failed)).value().exit_status, 1);
  EXPECT_EQ(read_result(said(Outcome::Failed, 42)).value().exit_status, 42);
  EXPECT_EQ(read_result(said(Outcome::Error)).value().exit_status, 1);
}

TEST(StepResult, BreaksNoRule) {
  const auto is_refused = [](auto change) {
    auto result = said(Outcome::Passed);
    change(result);
    return !read_result(result);
  };
  EXPECT_TRUE(is_refused([](auto& result) { result.outcome = 5; }));
  EXPECT_TRUE(is_refused([](auto& result) { result.outcome = -1; }));
  EXPECT_TRUE(is_refused([](auto& result) { result.exit_status = 256; }));
  EXPECT_TRUE(is_refused([](auto& result) { result.reason = "A"; }));
  EXPECT_TRUE(is_refused([](auto& result) { result.reason = std::string(65, 'a'); }));
  EXPECT_TRUE(is_refused([](auto& result) { result.detail = "{"; }));
  EXPECT_TRUE(
      is_refused([](auto& result) { result.detail = '"' + std::string(65536, 'a') + '"'; }));
  EXPECT_FALSE(is_refused([](auto& result) { result.detail = "{\"a\": 1}"; }));
}

TEST(StepResult, IsKeptWithTheFirstLineOfALongMessage) {
  auto result = said(Outcome::Failed, 7);
  result.message = "\r\nline one\r\nline two\n";
  result.hint = "short\n";
  EXPECT_TRUE(keep_first_line(result.message));
  EXPECT_FALSE(keep_first_line(result.hint));
  EXPECT_EQ(result.message, "line one");
  EXPECT_EQ(result.hint, "short");
  EXPECT_EQ(read_result(result).value().exit_status, 7);
  result.message = std::string("a\0b", 3);
  EXPECT_TRUE(keep_first_line(result.message));
  EXPECT_EQ(result.message, "a");
}

TEST(StepResult, IsCutAtACharacterWithAMark) {
  std::string message(4096, 'a');
  EXPECT_FALSE(keep_first_line(message));
  EXPECT_EQ(message.size(), 4096u);
  message.clear();
  while (message.size() < 5000) message += "\u00fc";
  EXPECT_TRUE(keep_first_line(message));
  EXPECT_EQ(message.size(), 4095u);
  EXPECT_EQ(message.substr(4090), "\u00fc\u2026");
}

TEST(StepResult, IsOneLineForPeople) {
  StepResult result{.outcome = Outcome::Failed, .reason = "no_host", .message = "gone"};
  EXPECT_EQ(describe(result), "failed (no_host): gone");
  result.hint = "look there";
  EXPECT_EQ(describe(result), "failed (no_host): gone; look there");
}

}  // namespace
}  // namespace ostler::plugin_host
