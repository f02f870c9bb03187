// SPDX-License-Identifier: Apache-2.0
#include "daemon/records.hpp"

#include <gtest/gtest.h>

namespace ostler::daemon {
namespace {

using namespace std::chrono_literals;

TEST(SessionRecord, IsReadBackAsItWasWritten) {
  SessionRecord record{
      "k",  "id", "name", Secret("secret"), "http://h/v3", {{"Buildkite-A", "b"}}, 3, 2s, 4s, 60s,
      600s, true, "job"};
  const auto back = decode_session_record(encode(record));
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(encode(back.value()), encode(record));
  EXPECT_EQ(back.value().token.reveal(), "secret");
  EXPECT_EQ(back.value().slot, 3);
  EXPECT_EQ(back.value().lease, 600s);
  EXPECT_EQ(back.value().request_headers.at("Buildkite-A"), "b");
}

TEST(JobRecord, IsReadBackAsItWasWritten) {
  JobRecord record;
  record.job = "j";
  record.build = "b";
  record.session = "k";
  record.token = Secret("t");
  record.endpoint = "http://h";
  record.chunk_size = 102'400;
  record.chunk_interval = 2s;
  record.waits = true;
  record.started_at_micros = 1'700'000'000'000'000;
  const auto back = decode_job_record(encode(record));
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(encode(back.value()), encode(record));
  EXPECT_EQ(back.value().started_at_micros, record.started_at_micros);
}

TEST(Records, AreRefusedWhenDamagedOrNewer) {
  EXPECT_EQ(decode_session_record("{").error().code(), Errc::Corrupt);
  EXPECT_EQ(decode_session_record("{}").error().code(), Errc::Corrupt);
  EXPECT_EQ(decode_session_record(R"({"format":{"major":1,"minor":0},"key":7})").error().code(),
            Errc::Corrupt);
  EXPECT_EQ(decode_job_record(R"({"format":{"major":2,"minor":0}})").error().code(),
            Errc::Conflict);
}

}  // namespace
}  // namespace ostler::daemon
