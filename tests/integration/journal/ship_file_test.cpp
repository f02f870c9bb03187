// SPDX-License-Identifier: Apache-2.0
#include "journal/ship_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files/file.hpp"
#include "support/temp_directory.hpp"

namespace ostler::journal {
namespace {

class ShipFileOnDisk : public testing::Test {
 protected:
  ShipFile open() { return ShipFile::open(path_).value(); }

  support::TempDirectory directory_;
  std::filesystem::path path_ = directory_ / "ship";
};

TEST_F(ShipFileOnDisk, KeepsChunksUntilTheyAreAcknowledged) {
  {
    ShipFile file = open();
    EXPECT_EQ(file.record_chunk(100).value(), (Chunk{1, 0, 100}));
    EXPECT_EQ(file.record_chunk(50).value(), (Chunk{2, 100, 50}));
    EXPECT_EQ(file.record_chunk(7).value(), (Chunk{3, 150, 7}));
    ASSERT_TRUE(file.acknowledge(2));
    ASSERT_TRUE(file.record_handled(9));
    EXPECT_EQ(file.state().done(), (Position{9, 0}));
    ASSERT_TRUE(file.acknowledge(1));
    EXPECT_EQ(file.state().done(), (Position{9, 150}));
  }
  const ShipFile again = open();
  EXPECT_THAT(again.state().unacknowledged,
              testing::ElementsAre(testing::Pair(3u, Chunk{3, 150, 7})));
  EXPECT_EQ(again.state().next_sequence, 4u);
  EXPECT_EQ(again.state().next_offset, 157u);
  EXPECT_EQ(again.state().handled, 9u);
}

TEST_F(ShipFileOnDisk, KeepsIdsAndMilestones) {
  {
    ShipFile file = open();
    ASSERT_TRUE(file.record_id("batch 1", "abc"));
    ASSERT_TRUE(file.record_id("batch 1", "def"));
    ASSERT_TRUE(file.record(Milestone::FinishSent));
  }
  const ShipFile again = open();
  EXPECT_EQ(again.state().ids.find("batch 1")->second, "def");
  EXPECT_TRUE(again.state().has(Milestone::FinishSent));
  EXPECT_FALSE(again.state().has(Milestone::FinishAcknowledged));
}

TEST_F(ShipFileOnDisk, CutsATornEndAtEveryByte) {
  {
    ShipFile file = open();
    ASSERT_TRUE(file.record_chunk(10));
  }
  const auto kept = std::filesystem::file_size(path_);
  {
    ASSERT_TRUE(open().record_chunk(20));
  }
  const std::string bytes = files::read_file(path_).value();
  for (std::size_t size = kept; size < bytes.size(); ++size) {
    ASSERT_TRUE(files::write_file_atomically(path_, bytes.substr(0, size)));
    ShipFile file = open();
    EXPECT_EQ(file.state().next_offset, 10u) << size;
    EXPECT_EQ(file.record_chunk(5).value(), (Chunk{2, 10, 5}));
  }
}

TEST_F(ShipFileOnDisk, RefusesChunksThatOverlapAndUnknownAcknowledgements) {
  ShipFile file = open();
  ASSERT_TRUE(file.record_chunk(10));
  EXPECT_EQ(file.record_chunk_at(9, 1).error().code(), Errc::Conflict);
  EXPECT_EQ(file.record_chunk_at(12, 3).value(), (Chunk{2, 12, 3}));
  EXPECT_EQ(file.acknowledge(8).error().code(), Errc::NotFound);
}

TEST_F(ShipFileOnDisk, StaysSmallHoweverManyChunksPass) {
  ShipFile file = open();
  ASSERT_TRUE(file.record_id("kept", "id"));
  for (int i = 0; i < 40'000; ++i) {
    ASSERT_TRUE(file.acknowledge(file.record_chunk(1000).value().sequence));
  }
  EXPECT_LT(std::filesystem::file_size(path_), 2u << 20);
  const ShipFile again = open();
  EXPECT_EQ(again.state().next_offset, 40'000'000u);
  EXPECT_EQ(again.state().next_sequence, 40'001u);
  EXPECT_TRUE(again.state().ids.contains("kept"));
}

TEST_F(ShipFileOnDisk, RefusesOtherFilesAndNewerFormats) {
  ASSERT_TRUE(files::write_file_atomically(path_, std::string(64, 'x')));
  EXPECT_EQ(ShipFile::open(path_).error().code(), Errc::Corrupt);
  EXPECT_EQ(files::read_file(path_).value(), std::string(64, 'x'));
}

}  // namespace
}  // namespace ostler::journal
