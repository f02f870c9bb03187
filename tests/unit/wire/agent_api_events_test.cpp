// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_events.hpp"

#include <gtest/gtest.h>

#include "wire/json_slices.hpp"

namespace ostler::wire {
namespace {

constexpr std::string_view kAt = R"("at":"2026-01-02T03:04:05.678901Z")";

std::string body_of(const std::string& fields) {
  return R"({"events":[{"sequence":1,"kind":"output",)" + std::string(kAt) + "," + fields + "}]}";
}

std::string data_of(const std::string& fields) {
  const auto events = decode_job_events(body_of(fields));
  return events ? events.value().front().data : events.error().message();
}

TEST(JobEvents, KeepTheirDataAsItWasWritten) {
  std::string numbers = "[1e14";
  for (int i = 1; i < 12'000; ++i) numbers += ",1e14";
  numbers += "]";
  const std::vector<JobEvent> told = {{1, Timestamp{1}, "output", numbers},
                                      {2, Timestamp{2}, "result", R"({"a":"]}\",\\","b":[{}]})"}};
  const auto read = decode_job_events(encode_job_events(told));
  ASSERT_TRUE(read) << read.error().message();
  ASSERT_EQ(read.value().size(), 2u);
  for (std::size_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(read.value()[i].data, told[i].data);
    EXPECT_EQ(read.value()[i].kind, told[i].kind);
    EXPECT_EQ(read.value()[i].at, told[i].at);
    EXPECT_EQ(read.value()[i].sequence, told[i].sequence);
  }
}

TEST(JobEvents, WithDataThatNoReaderTakesKeepTheOthers) {
  const std::vector<JobEvent> told = {{1, Timestamp{1}, "output", "1e400"},
                                      {2, Timestamp{2}, "result", "{}"}};
  const auto read = decode_job_events(encode_job_events(told));
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read.value()[0].data, "null");
  EXPECT_EQ(read.value()[1].data, "{}");
}

TEST(JobEvents, AreReadHoweverTheirTextIsSetOut) {
  EXPECT_EQ(data_of("\n \"data\" :\t[ 1 , 2 ] \r\n"), "[ 1 , 2 ]");
  EXPECT_EQ(data_of(R"("data":1,"more":{"data":2},"data":3)"), "3");
  EXPECT_EQ(data_of(R"("other":"\"data\":7","data":"x\\")"), R"("x\\")");
  for (const auto* without : {R"("x":1)", R"("x":{"data":1})", R"("d\u0061ta":1)"}) {
    EXPECT_NE(data_of(without).find("field data"), std::string::npos) << without;
  }
  EXPECT_FALSE(decode_job_events(R"({"events":[],"ev\u0065nts":[{}]})"));
}

TEST(JobEvents, AreRefusedBeyondALimit) {
  const std::string longest(kLongestEventData - 2, 'x');
  EXPECT_EQ(data_of("\"data\":\"" + longest + "\"").size(), kLongestEventData);
  EXPECT_NE(data_of("\"data\":\"" + longest + "x\"").find("field data"), std::string::npos);
}

TEST(JsonSlices, AreThePartsOfTheOutermostValue) {
  using Slices = std::vector<std::string_view>;
  EXPECT_EQ(item_slices(R"([ 1, "a,]" ,[2,[3]],{"b":[4,5]} ])"),
            (Slices{"1", R"("a,]")", "[2,[3]]", R"({"b":[4,5]})"}));
  EXPECT_EQ(item_slices(" [ ] "), Slices());
  EXPECT_EQ(item_slices("[[],[]]"), (Slices{"[]", "[]"}));
  EXPECT_EQ(member_slice("{}", "a"), "");
  EXPECT_EQ(member_slice(R"({"b":{"a":1},"a" : "x:y"})", "a"), R"("x:y")");
}

}  // namespace
}  // namespace ostler::wire
