// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_log.hpp"

#include <charconv>

#include "wire/rest_json.hpp"

namespace ostler::wire {
namespace {

constexpr std::string_view kStampPrefix = "_bk;t=";
constexpr std::int64_t kNanosPerMilli = 1'000'000;
constexpr char kEscape = '\x1b';
constexpr char kBell = '\a';

}  // namespace

void LogHeaderScanner::scan(std::string_view bytes) {
  while (!bytes.empty()) {
    if (place_ == Place::Rest) {
      const std::size_t end = bytes.find('\n');
      if (end == std::string_view::npos) return;
      bytes.remove_prefix(end);
    }
    step(bytes.front());
    bytes.remove_prefix(1);
  }
}

void LogHeaderScanner::step(char byte) {
  if (byte == '\n') {
    place_ = Place::LineStart;
    marker_size_ = 0;
    return;
  }
  switch (place_) {
    case Place::LineStart: step_line_start(byte); return;
    case Place::Escape: step_escape(byte); return;
    case Place::Control:
      if (byte == 'm' || byte == 'K') {
        place_ = Place::LineStart;
      } else if (byte != ';' && (byte < '0' || byte > '9')) {
        place_ = Place::Rest;
      }
      return;
    case Place::Stamp: step_stamp(byte); return;
    case Place::Rest: return;
  }
}

void LogHeaderScanner::step_line_start(char byte) {
  if (byte == kEscape) {
    place_ = Place::Escape;
    return;
  }
  if (marker_size_ < marker_.size()) {
    const bool marks = byte == '-' || byte == '+' || byte == '~';
    if (marks && (marker_size_ == 0 || byte == marker_[0])) {
      marker_[marker_size_++] = byte;
      return;
    }
  } else if ((byte == ' ' || byte == '\t' || byte == '\r') && times_.size() < kMaxHeaders) {
    times_.push_back(time_ns_);
  }
  place_ = Place::Rest;
}

void LogHeaderScanner::step_escape(char byte) {
  if (byte == '[') {
    place_ = Place::Control;
  } else if (byte == '_') {
    place_ = Place::Stamp;
    held_[0] = byte;
    held_size_ = 1;
  } else {
    place_ = Place::Rest;
  }
}

void LogHeaderScanner::step_stamp(char byte) {
  if (byte == kBell) {
    end_stamp();
    place_ = Place::LineStart;
  } else if (held_size_ < held_.size()) {
    held_[held_size_++] = byte;
  } else {
    place_ = Place::Rest;
  }
}

void LogHeaderScanner::end_stamp() {
  std::string_view text(held_.data(), held_size_);
  if (!text.starts_with(kStampPrefix)) return;
  text.remove_prefix(kStampPrefix.size());
  std::int64_t millis = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), millis);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return;
  std::int64_t nanos = 0;
  if (!__builtin_mul_overflow(millis, kNanosPerMilli, &nanos)) time_ns_ = nanos;
}

LogJsonStream::LogJsonStream(std::string url, std::uint64_t size, std::int64_t started_ns)
    : url_(std::move(url)), size_(size), headers_(started_ns) {}

std::string LogJsonStream::begin() const {
  return R"({"url":)" + json_string(url_) + R"(,"content":")";
}

std::string LogJsonStream::append(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  content_.append(bytes, out);
  headers_.scan(bytes);
  return out;
}

std::string LogJsonStream::end() {
  std::string out;
  content_.finish(out);
  out += R"(","size":)" + std::to_string(size_) + R"(,"header_times":[)";
  for (const std::int64_t time : headers_.times()) {
    if (out.back() != '[') out += ',';
    out += std::to_string(time);
  }
  out += "]}";
  return out;
}

}  // namespace ostler::wire
