// SPDX-License-Identifier: Apache-2.0
#include "journal/record.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cerrno>

#include "journal/segment.hpp"
#include "support/sanitizers.hpp"

namespace ostler::journal {
namespace {

TEST(JournalRecord, RoundTripsItsPayloads) {
  EXPECT_EQ(decode_phase(encode(PhaseNote{"command", "{}"})).value().name, "command");
  EXPECT_EQ(decode_event(encode(EventNote{"progress", "{\"at\":1}"})).value().json, "{\"at\":1}");
  const auto lease = decode_lease(encode(LeaseNote{-5, OnLeaseLost::Stop, true})).value();
  EXPECT_EQ(lease.until_ns, -5);
  EXPECT_EQ(lease.on_lost, OnLeaseLost::Stop);
  EXPECT_TRUE(lease.lapsed);
}

TEST(JournalBootId, IsAnErrorWhereItCannotBeRead) {
  if (support::kIsSanitized) GTEST_SKIP() << "a sanitizer looks at objects through descriptors";
  ASSERT_TRUE(current_boot_id());
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  const rlimit none{0, files.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto id = current_boot_id();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().native(), EMFILE);
}

TEST(JournalRecord, RefusesEveryShorterPayload) {
  const std::string phase = encode(PhaseNote{"a", "b"});
  for (std::size_t size = 0; size < phase.size(); ++size) {
    EXPECT_FALSE(decode_phase(std::string_view(phase).substr(0, size)));
    EXPECT_FALSE(decode_event(std::string_view(phase).substr(0, size)));
  }
  const std::string lease = encode(LeaseNote{});
  for (std::size_t size = 0; size < lease.size(); ++size) {
    EXPECT_FALSE(decode_lease(std::string_view(lease).substr(0, size)));
  }
}

TEST(JournalRecord, StampsItsNoticeLines) {
  EXPECT_EQ(notice_line(Timestamp{1'234'567}, "hello"), "\x1b_bk;t=1234\aostler: hello\r\n");
}

}  // namespace
}  // namespace ostler::journal
