// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "files/file.hpp"
#include "journal/reader.hpp"
#include "journal/segment.hpp"
#include "journal/writer.hpp"
#include "support/temp_directory.hpp"

namespace ostler::journal {

/// A clock that a test sets.
class FakeClock final : public Clock {
 public:
  Timestamp now() const override { return at; }
  std::chrono::nanoseconds since_boot() const override { return boot; }

  Timestamp at{1'767'323'045'678'901};
  std::chrono::nanoseconds boot{0};
};

/// A journal in a directory of its own.
struct JournalDirectory {
  support::TempDirectory directory;
  FakeClock clock;

  Result<Writer> open_writer(const WriterOptions& options = {}) {
    return Writer::open(directory.path(), clock, options);
  }
  Reader open_reader() { return Reader::open(directory.path()).value(); }
  std::filesystem::path segment(std::uint64_t number) const {
    return segment_path(directory.path(), number);
  }
  /// Appends each text as one output record.
  void write(const std::vector<std::string>& texts, const WriterOptions& options = {}) {
    auto writer = open_writer(options).value();
    for (const std::string& text : texts) writer.append(RecordType::Output, text).value();
  }
  /// The payloads of all records that a reader gets.
  std::vector<std::string> read_all() {
    std::vector<std::string> payloads;
    Reader reader = open_reader();
    while (const auto record = reader.next().value()) payloads.emplace_back(record->payload);
    return payloads;
  }
};

}  // namespace ostler::journal
