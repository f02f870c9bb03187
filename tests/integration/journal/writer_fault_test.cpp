// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <cerrno>
#include <csignal>

#include "integration/journal/journal_directory.hpp"

namespace ostler::journal {
namespace {

/// A journal on a file system of 1 MiB.
class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (::mount("tmpfs", journal_.directory.path().c_str(), "tmpfs", 0, "size=1m") != 0) {
      GTEST_SKIP() << "only root may mount a small disk";
    }
    is_mounted_ = true;
  }
  void TearDown() override {
    if (is_mounted_) ::umount2(journal_.directory.path().c_str(), MNT_DETACH);
  }

  JournalDirectory journal_;
  bool is_mounted_ = false;
};

TEST_F(FullDisk, RefusesOutputWholeAndKeepsRoomForTheVerdict) {
  auto writer = journal_.open_writer().value();
  const std::string piece(10'000, 'x');
  std::size_t written = 0;
  Result<void> appended = success();
  while ((appended = writer.append(RecordType::Output, piece))) ++written;
  EXPECT_EQ(appended.error().native(), ENOSPC);
  EXPECT_TRUE(appended.error().retryable());
  EXPECT_GT(written, 50u);
  EXPECT_EQ(writer.end().output, written * piece.size());

  const Verdict verdict{Cause::DiskFull, -1, 0, std::string(kMaxEvidence, 'e')};
  ASSERT_TRUE(writer.append_verdict(verdict));
  EXPECT_EQ(journal_.read_all().size(), written + 1);
}

TEST_F(FullDisk, GoesOnWhenSpaceComesBackWithoutALostOrDoubledByte) {
  const std::string piece(10'000, 'x');
  const auto filler = journal_.directory / "filler";
  ASSERT_TRUE(files::write_file_atomically(filler, std::string(600'000, 'f')));
  auto writer = journal_.open_writer({.segment_size = 100'000}).value();
  std::size_t written = 0;
  while (writer.append(RecordType::Output, piece)) ++written;
  std::filesystem::remove(filler);
  for (int i = 0; i < 5; ++i, ++written) ASSERT_TRUE(writer.append(RecordType::Output, piece));
  EXPECT_EQ(journal_.read_all(), std::vector<std::string>(written, piece));
}

TEST_F(FullDisk, LeavesNothingWhenNotEvenABeginningFits) {
  const std::string almost_all((1u << 20) - 8192, 'f');
  ASSERT_TRUE(files::write_file_atomically(journal_.directory / "filler", almost_all));
  const auto opened = journal_.open_writer();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), Errc::Unavailable);
  EXPECT_FALSE(std::filesystem::exists(journal_.segment(1)));
}

/// Lets every write beyond `limit` bytes of a file fail, for as long as it lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t limit) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    before_handler_ = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit lower{limit, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &lower);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, before_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*before_handler_)(int) = nullptr;
};

// Fails the write of a batch after each of its bytes in turn.
TEST(JournalWriterFault, WritesABatchWholeOrNotAtAll) {
  const std::vector<Entry> batch = {{RecordType::Output, "first"}, {RecordType::Output, "second"}};
  const std::size_t size = 2 * kRecordHeaderSize + 11;
  for (std::size_t fail_at = 0; fail_at <= size; ++fail_at) {
    JournalDirectory journal;
    auto writer = journal.open_writer().value();
    ASSERT_TRUE(writer.append(RecordType::Output, "before"));
    const auto begin = std::filesystem::file_size(journal.segment(1));
    {
      const FileSizeLimit limit(begin + fail_at);
      EXPECT_EQ(writer.append(batch).has_value(), fail_at == size);
    }
    EXPECT_EQ(writer.end().records, fail_at == size ? 3u : 1u);
    ASSERT_TRUE(writer.append(RecordType::Output, "after"));
    const auto payloads = journal.read_all();
    EXPECT_EQ(payloads.size(), fail_at == size ? 4u : 2u) << fail_at;
    EXPECT_EQ(payloads.back(), "after");
  }
}

}  // namespace
}  // namespace ostler::journal
