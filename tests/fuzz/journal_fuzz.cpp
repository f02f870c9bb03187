// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "files/file.hpp"
#include "journal/reader.hpp"
#include "journal/segment.hpp"
#include "journal/ship_file.hpp"
#include "journal/writer.hpp"

namespace {

using namespace ostler;

std::filesystem::path make_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "journal_fuzz.XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  return name;
}

void read_all(const std::filesystem::path& directory) {
  auto reader = journal::Reader::open(directory);
  if (!reader) std::abort();
  for (;;) {
    const auto record = reader.value().next();
    if (!record || !record.value()) break;
    const std::string_view payload = record.value()->payload;
    static_cast<void>(journal::decode_phase(payload));
    static_cast<void>(journal::decode_event(payload));
    static_cast<void>(journal::decode_lease(payload));
    static_cast<void>(journal::decode_verdict(payload));
  }
  static_cast<void>(reader.value().read_output(0, 100));
}

/// A writer goes on after any bytes, and what it appends is read back.
void write_on(const std::filesystem::path& directory) {
  const SystemClock clock;
  auto writer = journal::Writer::open(directory, clock);
  if (!writer || writer.value().verdict()) return;
  if (!writer.value().append(journal::RecordType::Output, "appended")) std::abort();
  const auto offset = writer.value().end().output - 8;
  auto reader = journal::Reader::open(directory);
  const auto read = reader.value().read_output(offset, 8);
  if (!read || read.value() != "appended") std::abort();
}

}  // namespace

// The input is a segment, or, behind a first byte of 1, a ship file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::filesystem::path directory = make_directory();
  if (size == 0 || size > (1u << 20)) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto segment = journal::segment_path(directory, 1);
  const auto ship = directory / "ship";
  if (bytes.front() == 1) {
    if (!files::write_file_atomically(ship, bytes.substr(1))) std::abort();
    static_cast<void>(journal::ShipFile::open(ship));
  } else {
    if (!files::write_file_atomically(segment, bytes)) std::abort();
    read_all(directory);
    write_on(directory);
  }
  std::filesystem::remove(segment);
  std::filesystem::remove(ship);
  return 0;
}
