// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/json_string_stream.hpp"

namespace ostler::wire {

/// Finds the section headers ("--- ", "+++ ", "~~~ " at the start of a line) of a log that arrives
/// in pieces, and when each was written, from the time-stamp codes in the log.
/// Source: agent-api, 5.2 and 5.3.
class LogHeaderScanner {
 public:
  /// At most so many times are kept; later headers are not reported.
  static constexpr std::size_t kMaxHeaders = 65'536;

  /// `fallback_ns` stands for headers before the first time-stamp code.
  explicit LogHeaderScanner(std::int64_t fallback_ns) : time_ns_(fallback_ns) {}

  void scan(std::string_view bytes);
  /// Unix nanoseconds of each header, in the order of the log.
  const std::vector<std::int64_t>& times() const { return times_; }

 private:
  enum class Place : std::uint8_t { LineStart, Escape, Control, Stamp, Rest };

  void step(char byte);
  void step_line_start(char byte);
  void step_escape(char byte);
  void step_stamp(char byte);
  void end_stamp();

  std::vector<std::int64_t> times_;
  std::int64_t time_ns_;
  std::array<char, 24> held_{};  // the marker, or the text of a code
  std::size_t held_size_ = 0;
  std::array<char, 3> marker_{};
  std::size_t marker_size_ = 0;
  Place place_ = Place::LineStart;
};

/// The JSON form of a job's log, made piece by piece so that no log is ever held whole:
/// `begin()`, `append()` for each piece in order, `end()`.
class LogJsonStream {
 public:
  /// `size` is the number of bytes of the log that will be appended.
  LogJsonStream(std::string url, std::uint64_t size, std::int64_t started_ns);

  std::string begin() const;
  std::string append(std::string_view bytes);
  std::string end();

 private:
  std::string url_;
  std::uint64_t size_;
  JsonStringStream content_;
  LogHeaderScanner headers_;
};

}  // namespace ostler::wire
