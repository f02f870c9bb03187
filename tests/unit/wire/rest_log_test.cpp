// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_log.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ostler::wire {
namespace {

using nlohmann::json;

/// The log's JSON form when it arrives in pieces of `piece` bytes.
std::string encoded(std::string_view log, std::size_t piece) {
  LogJsonStream stream("http://x/log", log.size(), 5);
  std::string text = stream.begin();
  for (std::size_t at = 0; at < log.size(); at += piece) {
    text += stream.append(log.substr(at, piece));
  }
  return text + stream.end();
}

std::string stamp(std::int64_t millis) { return "\x1b_bk;t=" + std::to_string(millis) + "\a"; }

const std::string kLog = stamp(1000) + "~~~ Preparing\r\n" + stamp(1500) + "plain --- text\n" +
                         stamp(2000) + "\x1b[32;1m+++\x1b[0m Running\n" +
                         "--- \xE2\x9C\x93 caf\xC3\xA9\n" + stamp(2500) +
                         "\xFF"
                         "bad\xE2\x9C\n\"\\\t\b\x7F\n" +
                         "-- no\n----\n---no\n";

TEST(LogJson, IsTheSameHoweverItArrives) {
  const std::string whole = encoded(kLog, kLog.size());
  for (std::size_t piece = 1; piece < 20; ++piece) EXPECT_EQ(encoded(kLog, piece), whole) << piece;
}

TEST(LogJson, HoldsUrlContentSizeAndHeaderTimes) {
  const json object = json::parse(encoded(kLog, 7));
  EXPECT_EQ(object.at("url"), "http://x/log");
  EXPECT_EQ(object.at("size"), kLog.size());
  EXPECT_EQ(object.at("header_times"), json({1'000'000'000, 2'000'000'000, 2'000'000'000}));
  const auto content = object.at("content").get<std::string>();
  EXPECT_NE(content.find("\xE2\x9C\x93 caf\xC3\xA9"), std::string::npos);
  EXPECT_NE(content.find("\xEF\xBF\xBD"
                         "bad\xEF\xBF\xBD\n\"\\\t\b\x7F\n"),
            std::string::npos);
}

TEST(LogJson, EndsAnUnfinishedCharacter) {
  EXPECT_EQ(json::parse(encoded("ab\xF0\x9F\x98", 1)).at("content"), "ab\xEF\xBF\xBD");
}

TEST(LogJson, AgreesWithTheUnicodeStandardOnMalformedBytes) {
  const std::string cases[] = {
      "\xC0\x80",         "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
      "\xF0\x80\x80\x80", "\x80",         "\xF5",         "a\xE2\x28\xA1z"};
  for (const std::string& bytes : cases) {
    const json repaired =
        json::parse(json(bytes).dump(-1, ' ', false, json::error_handler_t::replace));
    EXPECT_EQ(json::parse(encoded(bytes, 1)).at("content"), repaired);
    EXPECT_EQ(json::parse(encoded(bytes, 9)).at("content"), repaired);
  }
}

TEST(LogJson, OfAnEmptyLogIsWhole) {
  EXPECT_EQ(encoded("", 1), R"({"url":"http://x/log","content":"","size":0,"header_times":[]})");
}

TEST(LogHeaderScanner, UsesTheFallbackBeforeTheFirstStamp) {
  LogHeaderScanner scanner(77);
  scanner.scan("--- a\n\x1b_bk;t=x\a+++ b\n\x1b_other\a~~~ c\n");
  EXPECT_EQ(scanner.times(), (std::vector<std::int64_t>{77, 77, 77}));
}

TEST(LogHeaderScanner, ReportsABoundedNumberOfHeaders) {
  LogHeaderScanner scanner(1);
  std::string lines;
  for (std::size_t i = 0; i < LogHeaderScanner::kMaxHeaders + 10; ++i) lines += "--- x\n";
  scanner.scan(lines);
  EXPECT_EQ(scanner.times().size(), LogHeaderScanner::kMaxHeaders);
}

}  // namespace
}  // namespace ostler::wire
