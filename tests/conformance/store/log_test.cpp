// SPDX-License-Identifier: Apache-2.0
#include "store_suite.hpp"

namespace ostler::store {
namespace {

class LogSuite : public StoreSuite {
 protected:
  void SetUp() override {
    agent_ = house_.connect_agent();
    job_ = house_.create_build("steps: [{command: a}]").follow_ups.runnable.front();
    house_.accept(agent_, job_);
    house_.start(agent_, job_);
  }
  Result<void> append(std::int64_t sequence, std::int64_t offset, std::string_view text) {
    return house_.call(
        house_.store().append_chunk(house_.chunk(agent_, job_, sequence, offset, text)));
  }
  Errc append_error(AppendChunk chunk) {
    return house_.error_of(house_.store().append_chunk(std::move(chunk)));
  }
  LogExtent extent() { return house_.get(house_.store().log_extent(job_)); }

  support::Worker agent_;
  JobId job_;
};
class Log : public LogSuite {};
INSTANTIATE_TEST_SUITE_P(Store, Log, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Log, ReadsChunksInOrderHoweverTheyArrive) {
  ASSERT_TRUE(append(3, 8, "three\n"));
  EXPECT_EQ(house_.log_of(job_), "");
  ASSERT_TRUE(append(1, 0, "one\n"));
  EXPECT_EQ(house_.log_of(job_), "one\n");
  ASSERT_TRUE(append(2, 4, "two\n"));
  EXPECT_EQ(house_.log_of(job_), "one\ntwo\nthree\n");
  EXPECT_EQ(extent().size, 14);
  EXPECT_FALSE(extent().complete);
}

TEST_P(Log, KeepsTheFirstBytesOfARepeatedSequence) {
  ASSERT_TRUE(append(1, 0, "first\n"));
  ASSERT_TRUE(append(1, 0, "again\n"));
  EXPECT_EQ(house_.log_of(job_), "first\n");
  EXPECT_EQ(append(1, 0, "longer\n").error().code(), Errc::Conflict);
}

TEST_P(Log, RefusesChunksThatOverlap) {
  ASSERT_TRUE(append(1, 10, "0123456789"));
  EXPECT_EQ(append(2, 15, "x").error().code(), Errc::Conflict);
  EXPECT_EQ(append(3, 5, "abcdef").error().code(), Errc::Conflict);
  EXPECT_EQ(append(4, 10, "x").error().code(), Errc::Conflict);
  EXPECT_TRUE(append(5, 0, "abcdefghij"));
  EXPECT_TRUE(append(6, 20, "x"));
}

TEST_P(Log, MakesAChunkThatLiesAGapWithALine) {
  auto liar = house_.chunk(agent_, job_, 2, 4, "two\n");
  liar.size = 40;
  ASSERT_TRUE(append(1, 0, "one\n"));
  EXPECT_EQ(append_error(liar), Errc::UserFault);
  ASSERT_TRUE(append(3, 44, "three\n"));
  EXPECT_EQ(house_.log_of(job_), "one\n");
  house_.finish(agent_, job_);
  EXPECT_EQ(house_.log_of(job_), "one\n\n[ostler: 40 bytes of this log are missing here]\nthree\n");
  EXPECT_TRUE(extent().complete);
}

TEST_P(Log, ShowsEveryGapWhateverItsLength) {
  ASSERT_TRUE(append(2, 1, "b"));
  ASSERT_TRUE(append(4, 1'000'000, "d"));
  ASSERT_TRUE(append(6, 1'000'002, "f"));
  house_.finish(agent_, job_);
  EXPECT_EQ(house_.log_of(job_),
            "\n[ostler: 1 bytes of this log are missing here]\nb"
            "\n[ostler: 999998 bytes of this log are missing here]\nd"
            "\n[ostler: 1 bytes of this log are missing here]\nf");
}

TEST_P(Log, SaysThatChunksAreMissingAtItsEnd) {
  ASSERT_TRUE(append(1, 0, "one\n"));
  auto finish = house_.finish_command(agent_, job_, 0);
  finish.chunks_failed_count = 2;
  house_.get(house_.store().finish_job(finish));
  EXPECT_EQ(house_.log_of(job_),
            "one\n\n[ostler: the agent could not deliver 2 chunks of this log]\n");
}

TEST_P(Log, RefusesWhatIsNotGzipTooLargeOrOutOfRange) {
  auto chunk = house_.chunk(agent_, job_, 1, 0, "text");
  chunk.gzip = "text";
  EXPECT_EQ(append_error(chunk), Errc::UserFault);
  chunk = house_.chunk(agent_, job_, 1, 0, std::string((1 << 20) + 1, 'x'));
  EXPECT_EQ(append_error(chunk), Errc::UserFault);
  chunk = house_.chunk(agent_, job_, 1, -1, "text");
  EXPECT_EQ(append_error(chunk), Errc::UserFault);
  chunk = house_.chunk(agent_, job_, 1, std::int64_t{1} << 62, "text");
  EXPECT_EQ(append_error(chunk), Errc::UserFault);
  chunk = house_.chunk(agent_, job_, -1, 0, "text");
  EXPECT_EQ(append_error(chunk), Errc::UserFault);
}

constexpr const char* kCut =
    "\n[ostler: log cut at 2 MiB; what the job says from here on is not kept]\n";
constexpr std::int64_t kMegabyte = 1 << 20;

TEST_P(Log, EndsAtItsLimitAndSaysSo) {
  const std::string megabyte(kMegabyte, 'x');
  ASSERT_TRUE(append(1, 0, megabyte));
  ASSERT_TRUE(append(2, kMegabyte, megabyte));
  EXPECT_EQ(extent().size, 2 * kMegabyte);
  ASSERT_TRUE(append(3, 2 * kMegabyte, megabyte));
  EXPECT_EQ(house_.log_of(job_).substr(2 * kMegabyte), kCut) << "who reads now is told now";
  ASSERT_TRUE(append(4, 3 * kMegabyte, megabyte));
  ASSERT_TRUE(append(3, 2 * kMegabyte, megabyte)) << "sent again";
  house_.finish(agent_, job_);
  EXPECT_EQ(house_.log_of(job_).substr(2 * kMegabyte),
            std::string(kCut) + "[ostler: log cut at 2 MiB; 2097152 more bytes were dropped]\n");
}

TEST_P(Log, KeepsTheBeginOfTheChunkThatGoesOverItsLimit) {
  const std::string half(kMegabyte / 2, 'x');
  ASSERT_TRUE(append(3, 2 * kMegabyte + 5, "far\n")) << "the last comes first";
  ASSERT_TRUE(append(1, 0, std::string(kMegabyte, 'x')));
  ASSERT_TRUE(append(2, kMegabyte, half));
  ASSERT_TRUE(append(4, kMegabyte + kMegabyte / 2, half + "over\n"));
  ASSERT_TRUE(append(4, kMegabyte + kMegabyte / 2, half + "over\n")) << "sent again";
  EXPECT_EQ(house_.log_of(job_), std::string(2 * kMegabyte, 'x') + kCut);
  house_.finish(agent_, job_);
  EXPECT_EQ(house_.log_of(job_), std::string(2 * kMegabyte, 'x') + kCut +
                                     "[ostler: log cut at 2 MiB; 9 more bytes were dropped]\n");
}

TEST_P(Log, SaysWhatIsMissingBeforeItsLimit) {
  ASSERT_TRUE(append(1, 0, "one\n"));
  ASSERT_TRUE(append(3, 2 * kMegabyte, "far\n"));
  EXPECT_EQ(house_.log_of(job_), "one\n");
  house_.finish(agent_, job_);
  EXPECT_EQ(house_.log_of(job_), "one\n\n[ostler: 2097148 bytes of this log are missing here]\n" +
                                     std::string(kCut) +
                                     "[ostler: log cut at 2 MiB; 4 more bytes were dropped]\n");
}

TEST_P(Log, TakesNothingAfterTheFinish) {
  ASSERT_TRUE(append(1, 0, "one\n"));
  house_.finish(agent_, job_);
  EXPECT_EQ(append(2, 4, "two\n").error().code(), Errc::Conflict);
  EXPECT_TRUE(append(1, 0, "one\n"));
  EXPECT_EQ(house_.log_of(job_), "one\n");
}

TEST_P(Log, OfAnotherAgentsJobIsNotThere) {
  const auto other = house_.connect_agent({}, "other");
  EXPECT_EQ(append_error(house_.chunk(other, job_, 1, 0, "x")), Errc::NotFound);
  EXPECT_EQ(append_error(house_.chunk(agent_, JobId::make(), 1, 0, "x")), Errc::NotFound);
}

TEST_P(Log, CanBeReadFromAnyPlaceInAnyPortion) {
  std::string whole;
  for (int i = 0; i < 400; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    ASSERT_TRUE(append(i + 1, static_cast<std::int64_t>(whole.size()), line));
    whole += line;
  }
  house_.finish(agent_, job_);
  const auto size = static_cast<std::int64_t>(whole.size());
  for (std::int64_t offset = 0; offset <= size; offset += 37) {
    const auto part =
        house_.get(house_.store().read_log({.job = job_, .offset = offset, .limit = 100}));
    ASSERT_EQ(part, whole.substr(static_cast<std::size_t>(offset), 100)) << offset;
  }
  EXPECT_EQ(house_.log_of(job_), whole);
  EXPECT_EQ(house_.get(house_.store().read_log({.job = job_, .offset = size + 5})), "");
}

TEST_P(Log, IsEmptyAndCompleteForAJobThatWroteNothing) {
  EXPECT_EQ(extent().size, 0);
  EXPECT_FALSE(extent().complete);
  house_.finish(agent_, job_);
  EXPECT_TRUE(extent().complete);
  EXPECT_EQ(house_.error_of(house_.store().log_extent(JobId::make())), Errc::NotFound);
}

TEST_P(Log, OutlivesTheStore) {
  ASSERT_TRUE(append(1, 0, "one\n"));
  house_.reopen();
  ASSERT_TRUE(append(2, 4, "two\n"));
  EXPECT_EQ(house_.log_of(job_), "one\ntwo\n");
}

}  // namespace
}  // namespace ostler::store
