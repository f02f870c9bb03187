// SPDX-License-Identifier: Apache-2.0
#include "journal/writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "integration/journal/journal_directory.hpp"

namespace ostler::journal {
namespace {

using testing::ElementsAre;

TEST(JournalWriter, WritesWhatAReaderReadsBack) {
  JournalDirectory journal;
  auto writer = journal.open_writer().value();
  const std::vector<Entry> batch = {
      {RecordType::Started, {}}, {RecordType::Output, "one\n"}, {RecordType::Event, "x"}};
  ASSERT_TRUE(writer.append(batch));
  EXPECT_EQ(writer.end(), (Position{3, 4}));
  Reader reader = journal.open_reader();
  const auto first = reader.next().value();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->type, RecordType::Started);
  EXPECT_EQ(first->payload, "");
  EXPECT_EQ(first->time, journal.clock.at);
  const auto second = reader.next().value();
  EXPECT_EQ(second->at, (Position{1, 0}));
  EXPECT_EQ(second->payload, "one\n");
  EXPECT_EQ(reader.next().value()->at, (Position{2, 4}));
  EXPECT_FALSE(reader.next().value());
}

TEST(JournalWriter, ContinuesWhereTheLastWriterEnded) {
  JournalDirectory journal;
  journal.write({"a", "b"});
  journal.write({"c"});
  EXPECT_THAT(journal.read_all(), ElementsAre("a", "b", "c"));
  EXPECT_FALSE(std::filesystem::exists(journal.segment(2)));
}

TEST(JournalWriter, CutsATornEndAtEveryByteOfTheLastRecord) {
  JournalDirectory whole;
  whole.write({"first", "second record"});
  const std::string bytes = files::read_file(whole.segment(1)).value();
  const std::size_t first_end = kSegmentHeaderSize + kRecordHeaderSize + 5;
  for (std::size_t size = first_end; size < bytes.size(); ++size) {
    JournalDirectory torn;
    ASSERT_TRUE(files::write_file_atomically(torn.segment(1), bytes.substr(0, size)));
    EXPECT_THAT(torn.read_all(), ElementsAre("first")) << size;
    torn.write({"third"});
    EXPECT_THAT(torn.read_all(), ElementsAre("first", "third")) << size;
  }
}

TEST(JournalWriter, CutsTheZerosThatACrashOfTheMachineLeaves) {
  JournalDirectory journal;
  journal.write({"kept"});
  std::filesystem::resize_file(journal.segment(1),
                               std::filesystem::file_size(journal.segment(1)) + 4096);
  EXPECT_THAT(journal.read_all(), ElementsAre("kept"));
  journal.write({"more"});
  EXPECT_THAT(journal.read_all(), ElementsAre("kept", "more"));
}

TEST(JournalWriter, PassesOverASegmentWhoseHeaderWasNeverWritten) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, kSegmentHeaderSize - 1}) {
    JournalDirectory journal;
    journal.write({"a"});
    ASSERT_TRUE(files::write_file_atomically(journal.segment(2), std::string(size, '\0')));
    EXPECT_THAT(journal.read_all(), ElementsAre("a"));
    journal.write({"b"});
    EXPECT_THAT(journal.read_all(), ElementsAre("a", "b"));
  }
}

TEST(JournalWriter, BeginsASegmentWhenOneIsFull) {
  JournalDirectory journal;
  journal.write({"1234567890", "b", "c"}, {.segment_size = 80});
  EXPECT_TRUE(std::filesystem::exists(journal.segment(2)));
  EXPECT_THAT(journal.read_all(), ElementsAre("1234567890", "b", "c"));
}

TEST(Journal, IsBroughtToTheDiskByOthersThanItsWriter) {
  const support::TempDirectory directory;
  EXPECT_TRUE(sync_segments(directory.path())) << "nothing is there yet";
  const SystemClock clock;
  auto writer = Writer::open(directory.path(), clock).value();
  ASSERT_TRUE(writer.append(RecordType::Output, "text"));
  EXPECT_TRUE(sync_segments(directory.path()));
  const auto gone = sync_segments(directory / "nowhere");
  EXPECT_EQ(gone.error().code(), Errc::NotFound);
}

TEST(JournalWriter, KnowsTheVerdictOfAnEndedJob) {
  JournalDirectory journal;
  const Verdict verdict{Cause::Cancelled, -1, 15, "by a person"};
  ASSERT_TRUE(journal.open_writer().value().append_verdict(verdict));
  EXPECT_EQ(journal.open_writer().value().verdict(), verdict);
}

TEST(JournalWriter, LeavesANewerFormatUntouched) {
  JournalDirectory journal;
  journal.write({"a"});
  std::string bytes = files::read_file(journal.segment(1)).value();
  bytes[8] = 2;
  ASSERT_TRUE(files::write_file_atomically(journal.segment(1), bytes));
  const auto opened = journal.open_writer();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), Errc::Conflict);
  EXPECT_THAT(opened.error().message(), testing::HasSubstr("run a newer ostler"));
  EXPECT_EQ(files::read_file(journal.segment(1)).value(), bytes);
}

TEST(JournalWriter, GivesUnusedSpaceBackAndKeepsFilesPrivate) {
  JournalDirectory journal;
  journal.write({"a"});
  struct stat found{};
  ASSERT_EQ(::stat(journal.segment(1).c_str(), &found), 0);
  EXPECT_LE(found.st_blocks * 512, 4096);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST(JournalWriter, CountsOutputFromWhatWasSentBefore) {
  JournalDirectory journal;
  journal.write({"abc"});
  journal.write({"def"}, {.minimum_output = 10});
  Reader reader = journal.open_reader();
  EXPECT_EQ(reader.read_output(10, 3).value(), "def");
  EXPECT_EQ(reader.read_output(3, 1).error().code(), Errc::NotFound);
}

}  // namespace
}  // namespace ostler::journal
