// SPDX-License-Identifier: Apache-2.0
#include "journal/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "integration/journal/journal_directory.hpp"

namespace ostler::journal {
namespace {

using testing::HasSubstr;

TEST(JournalReader, FindsNothingInAJournalThatIsNotThereYet) {
  JournalDirectory journal;
  Reader reader = journal.open_reader();
  EXPECT_FALSE(reader.next().value());
  journal.write({"now"});
  EXPECT_EQ(reader.next().value()->payload, "now");
}

TEST(JournalReader, TailsAJournalThatIsBeingWritten) {
  constexpr std::size_t kRecords = 20'000;
  JournalDirectory journal;
  std::jthread writing([&] {
    auto writer = journal.open_writer({.segment_size = 64 * 1024}).value();
    for (std::size_t i = 0; i < kRecords; ++i) {
      writer.append(RecordType::Output, "line " + std::to_string(i) + "\n").value();
    }
  });
  Reader reader = journal.open_reader();
  for (std::size_t i = 0; i < kRecords;) {
    const auto record = reader.next();
    ASSERT_TRUE(record) << record.error().message();
    if (!record.value()) continue;
    ASSERT_EQ(record.value()->payload, "line " + std::to_string(i) + "\n");
    ++i;
  }
}

TEST(JournalReader, SeesARecordOnlyWhenItIsWhole) {
  JournalDirectory journal;
  journal.write({"first", "second"});
  const std::string bytes = files::read_file(journal.segment(1)).value();
  std::filesystem::resize_file(journal.segment(1), bytes.size() - 1);
  Reader reader = journal.open_reader();
  EXPECT_EQ(reader.next().value()->payload, "first");
  EXPECT_FALSE(reader.next().value());
  ASSERT_TRUE(files::write_file_atomically(journal.segment(1), bytes));
  Reader again = journal.open_reader();
  EXPECT_EQ(again.next().value()->payload, "first");
  EXPECT_EQ(again.next().value()->payload, "second");
}

TEST(JournalReader, ReportsDamageBeforeTheEndWithFileAndByte) {
  JournalDirectory journal;
  journal.write({"aaaaaaaaaaaaaaaaaaaa", "b", "c"}, {.segment_size = 100});
  std::string bytes = files::read_file(journal.segment(1)).value();
  bytes[kSegmentHeaderSize + kRecordHeaderSize + 3] ^= 1;
  ASSERT_TRUE(files::write_file_atomically(journal.segment(1), bytes));
  Reader reader = journal.open_reader();
  for (int i = 0; i < 2; ++i) {
    const auto record = reader.next();
    ASSERT_FALSE(record);
    EXPECT_EQ(record.error().code(), Errc::Corrupt);
    EXPECT_THAT(record.error().message(), HasSubstr("journal.000001 is damaged at byte 64"));
  }
}

TEST(JournalReader, ReportsEveryFlippedBitOfAnEarlierSegment) {
  JournalDirectory whole;
  whole.write({"payload", "b"}, {.segment_size = 80});
  const std::string bytes = files::read_file(whole.segment(1)).value();
  const std::string second = files::read_file(whole.segment(2)).value();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    JournalDirectory damaged;
    std::string copy = bytes;
    copy[at] ^= 0x10;
    ASSERT_TRUE(files::write_file_atomically(damaged.segment(1), copy));
    ASSERT_TRUE(files::write_file_atomically(damaged.segment(2), second));
    Reader reader = damaged.open_reader();
    Result<std::optional<Record>> record = std::optional<Record>();
    do {
      record = reader.next();
    } while (record && record.value());
    ASSERT_FALSE(record) << "byte " << at;
    EXPECT_TRUE(record.error().code() == Errc::Corrupt || record.error().code() == Errc::Conflict);
  }
}

TEST(JournalReader, ReadsAnyRangeOfTheOutput) {
  JournalDirectory journal;
  std::vector<std::string> texts;
  std::string all;
  for (int i = 0; i < 200; ++i) {
    texts.push_back("line " + std::to_string(i) + "\n");
    all += texts.back();
  }
  journal.write(texts, {.segment_size = 500});
  Reader reader = journal.open_reader();
  for (const auto& [offset, size] :
       std::vector<std::pair<std::size_t, std::size_t>>{{0, 10},
                                                        {10, 300},
                                                        {310, 1},
                                                        {5, 700},
                                                        {all.size() - 1, 1},
                                                        {0, all.size()},
                                                        {700, 0}}) {
    EXPECT_EQ(reader.read_output(offset, size).value(), all.substr(offset, size)) << offset;
  }
  EXPECT_EQ(reader.read_output(all.size(), 1).error().code(), Errc::NotFound);
}

TEST(JournalReader, ReadsOutputInOrderWhateverTheSizesOfThePieces) {
  JournalDirectory journal;
  std::vector<std::string> texts;
  std::string all;
  for (std::size_t i = 0; i < 300; ++i) all += texts.emplace_back(std::string(i % 37, 'a'));
  journal.write(texts, {.segment_size = 700});
  for (std::size_t step = 1; step < 50; step += 7) {
    Reader reader = journal.open_reader();
    std::string got;
    while (got.size() < all.size()) {
      got += reader.read_output(got.size(), std::min(step, all.size() - got.size())).value();
    }
    EXPECT_EQ(got, all);
  }
}

TEST(JournalReader, DropsSegmentsThatAreWhollyDone) {
  JournalDirectory journal;
  std::vector<std::string> texts(50, "0123456789");
  journal.write(texts, {.segment_size = 300});
  Reader reader = journal.open_reader();
  ASSERT_TRUE(reader.drop_before({.records = 20, .output = 500}));
  EXPECT_FALSE(std::filesystem::exists(journal.segment(1)));
  EXPECT_EQ(reader.read_output(200, 300).value().size(), 300u);
  EXPECT_EQ(reader.read_output(0, 1).error().code(), Errc::NotFound);

  Reader later = journal.open_reader();
  const auto first = later.next().value();
  EXPECT_GT(first->at.records, 0u);
  EXPECT_LE(first->at.records, 20u);
  ASSERT_TRUE(reader.drop_before({.records = 1000, .output = 100'000}));
  EXPECT_EQ(list_segments(journal.directory.path()).value().size(), 1u);
}

}  // namespace
}  // namespace ostler::journal
