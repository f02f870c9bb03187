// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>

#include "integration/journal/journal_directory.hpp"
#include "journal/ship_file.hpp"

// The formats of docs/journal.md, byte by byte. With OSTLER_ACCEPT_GOLDEN=1 in the environment the
// files are written anew instead; a difference is a new version of a format.
namespace ostler::journal {
namespace {

const Uuid kBootId = *Uuid::parse("01234567-89ab-cdef-0123-456789abcdef");

std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(std::getenv("OSTLER_SOURCE_DIR")) / "tests/data/journal" / name;
}

void expect_golden(const std::string& name, const std::string& bytes) {
  if (std::getenv("OSTLER_ACCEPT_GOLDEN") != nullptr) {
    ASSERT_TRUE(files::write_file_atomically(golden(name), bytes, 0644));
  }
  EXPECT_TRUE(files::read_file(golden(name)).value() == bytes) << name << " differs";
}

std::vector<std::pair<RecordType, std::string>> sample_records() {
  return {{RecordType::Started, ""},
          {RecordType::PhaseBegin, encode(PhaseNote{"command", ""})},
          {RecordType::Output, "\x1b_bk;t=1767323045678\ahello\r\n"},
          {RecordType::Event, encode(EventNote{"progress", "{\"done\":1}"})},
          {RecordType::Artifact, "{\"path\":\"a.txt\"}"},
          {RecordType::Lease, encode(LeaseNote{1'000'000'000, OnLeaseLost::Stop, false})},
          {RecordType::PhaseEnd, encode(PhaseNote{"command", "{\"exit_status\":0}"})},
          {RecordType::Verdict, encode(Verdict{Cause::Exited, 0, 0, ""})}};
}

TEST(JournalFormat, IsTheDocumentedOne) {
  JournalDirectory journal;
  {
    auto writer = journal.open_writer().value();
    for (const auto& [type, payload] : sample_records()) {
      ASSERT_TRUE(writer.append(type, payload));
      journal.clock.at.micros += 1000;
    }
  }
  std::string bytes = files::read_file(journal.segment(1)).value();
  bytes.replace(0, kSegmentHeaderSize, encode(SegmentHeader{1, {}, kBootId}));
  expect_golden("segment-1.0", bytes);
}

TEST(JournalFormat, IsReadFromTheGoldenFile) {
  JournalDirectory journal;
  std::filesystem::copy_file(golden("segment-1.0"), journal.segment(1));
  Reader reader = journal.open_reader();
  for (const auto& [type, payload] : sample_records()) {
    const auto record = reader.next().value();
    ASSERT_TRUE(record);
    EXPECT_EQ(record->type, type);
    EXPECT_EQ(record->payload, payload);
  }
  EXPECT_FALSE(reader.next().value());
}

TEST(ShipFileFormat, IsTheDocumentedOne) {
  const support::TempDirectory directory;
  {
    ShipFile file = ShipFile::open(directory / "ship").value();
    ASSERT_TRUE(file.record(Milestone::StartSent));
    ASSERT_TRUE(file.record_chunk(100'000));
    ASSERT_TRUE(file.record_chunk(250));
    ASSERT_TRUE(file.acknowledge(1));
    ASSERT_TRUE(file.record_id("artifacts", "01890a5d-ac96-774b-bcce-b302099a8057"));
    ASSERT_TRUE(file.record_handled(42));
  }
  expect_golden("ship-1.0", files::read_file(directory / "ship").value());
}

}  // namespace
}  // namespace ostler::journal
