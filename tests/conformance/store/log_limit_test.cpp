// SPDX-License-Identifier: Apache-2.0
// The limit of logs raised and lowered over a restart while a job says more.
#include <gtest/gtest.h>

#include "store/sqlite/sqlite_store.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::store {
namespace {

constexpr std::int64_t kLow = 4096;
constexpr std::int64_t kHigh = 1 << 20;

std::string marker_at(const std::string& size) {
  return "\n[ostler: log cut at " + size + "; what the job says from here on is not kept]\n";
}
std::string end_at(const std::string& size, int dropped) {
  return "[ostler: log cut at " + size + "; " + std::to_string(dropped) +
         " more bytes were dropped]\n";
}

class MovedLogLimit : public testing::Test {
 protected:
  void SetUp() override {
    agent_ = house_.connect_agent();
    job_ = house_.create_build("steps: [{command: a}]").follow_ups.runnable.front();
    house_.accept(agent_, job_);
    house_.start(agent_, job_);
  }
  void restart(std::int64_t limit) {
    limit_ = limit;
    house_.reopen();
  }
  Result<void> append(std::int64_t sequence, std::int64_t offset, const std::string& text) {
    return house_.call(
        house_.store().append_chunk(house_.chunk(agent_, job_, sequence, offset, text)));
  }
  Result<std::unique_ptr<Store>> open(const std::filesystem::path& directory, Timestamp now,
                                      BlobStore& blobs) const {
    SqliteOptions options;
    options.directory = directory;
    options.now = now;
    options.log_limit = limit_;
    return open_sqlite_store(std::move(options), blobs);
  }
  std::string log() { return house_.log_of(job_); }

  std::int64_t limit_ = kLow;
  support::TempDirectory directory_;
  support::StoreHouse house_{directory_.path(),
                             [this](const std::filesystem::path& directory, Timestamp now,
                                    BlobStore& blobs) { return open(directory, now, blobs); }};
  support::Worker agent_;
  JobId job_;
};

TEST_F(MovedLogLimit, LeavesALogThatWasCutAsItIsWhenItIsRaised) {
  const std::string straddling(1000, 'y');
  ASSERT_TRUE(append(1, 0, std::string(3900, 'x')));
  ASSERT_TRUE(append(2, 3900, straddling));
  const std::string kept = std::string(3900, 'x') + std::string(196, 'y') + marker_at("4 KiB");
  ASSERT_EQ(log(), kept);
  restart(kHigh);
  EXPECT_TRUE(append(2, 3900, straddling)) << "sent again";
  EXPECT_TRUE(append(3, kLow, "at the limit")) << "where the line about the limit stands";
  EXPECT_TRUE(append(4, kLow + 10, "behind it"));
  EXPECT_TRUE(append(5, 5000, std::string(100, 'z')));
  EXPECT_EQ(log(), kept);
  house_.finish(agent_, job_);
  EXPECT_EQ(log(), kept + end_at("4 KiB", 1004)) << "who has read so far reads on there";
  EXPECT_TRUE(append(2, 3900, straddling)) << "sent again when it is over";
}

TEST_F(MovedLogLimit, FillsAGapBeforeTheLimitThatALogHad) {
  ASSERT_TRUE(append(3, kLow, "over"));
  restart(kHigh);
  ASSERT_TRUE(append(2, 3000, std::string(2000, 'y')));
  EXPECT_EQ(log(), "");
  ASSERT_TRUE(append(1, 0, std::string(3000, 'x')));
  EXPECT_EQ(log(), std::string(3000, 'x') + std::string(1096, 'y') + marker_at("4 KiB"));
}

TEST_F(MovedLogLimit, HoldsForALogThatWasNotCutWhenItIsRaised) {
  ASSERT_TRUE(append(1, 0, std::string(4000, 'x')));
  restart(kHigh);
  ASSERT_TRUE(append(2, 4000, std::string(4000, 'y')));
  EXPECT_EQ(log(), std::string(4000, 'x') + std::string(4000, 'y'));
}

TEST_F(MovedLogLimit, CutsALogWhereItIsWhenItIsLowered) {
  restart(kHigh);
  const std::string kept(8192, 'x');
  ASSERT_TRUE(append(1, 0, kept));
  restart(kLow);
  EXPECT_TRUE(append(2, 8192, "one more")) << "a log that is over the limit already";
  EXPECT_EQ(log(), kept + marker_at("8 KiB")) << "a running log does not stop without a word";
  house_.finish(agent_, job_);
  EXPECT_EQ(log(), kept + marker_at("8 KiB") + end_at("8 KiB", 8));
}

TEST_F(MovedLogLimit, KeepsWhatLiesBeforeBytesThatItHasWhenItIsLowered) {
  restart(kHigh);
  ASSERT_TRUE(append(2, 6144, std::string(2048, 'y')));
  restart(kLow);
  EXPECT_TRUE(append(3, 8192, "one more"));
  EXPECT_EQ(log(), "");
  EXPECT_TRUE(append(1, 0, std::string(6144, 'x')));
  EXPECT_EQ(log(), std::string(6144, 'x') + std::string(2048, 'y') + marker_at("8 KiB"));
  house_.finish(agent_, job_);
  EXPECT_EQ(log(), std::string(6144, 'x') + std::string(2048, 'y') + marker_at("8 KiB") +
                       end_at("8 KiB", 8));
}

TEST_F(MovedLogLimit, RefusesTheBeginOfAnOverlappingChunk) {
  ASSERT_TRUE(append(1, 0, std::string(4000, 'x')));
  const auto refused = append(2, 3999, std::string(1000, 'y'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::Conflict);
  EXPECT_EQ(log(), std::string(4000, 'x')) << "a refused chunk cuts nothing";
}

}  // namespace
}  // namespace ostler::store
