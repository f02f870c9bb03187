// SPDX-License-Identifier: Apache-2.0
#include "console/progress_line.hpp"

#include <unistd.h>

#include "base/size_text.hpp"
#include "files/file.hpp"

namespace ostler::console {
namespace {

constexpr std::chrono::seconds kPatience{1};
constexpr std::chrono::milliseconds kBetween{100};
/// To the line's begin, and all of it cleared.
constexpr const char* kClear = "\r\x1b[K";

std::string size_of(std::int64_t bytes) { return size_text(static_cast<std::uint64_t>(bytes)); }

}  // namespace

ProgressLine::ProgressLine(const Clock& clock)
    : ProgressLine(STDERR_FILENO, ::isatty(STDERR_FILENO) == 1, clock) {}

ProgressLine::ProgressLine(int fd, bool is_terminal, const Clock& clock)
    : fd_(fd), is_terminal_(is_terminal), clock_(clock), next_(clock.since_boot() + kPatience) {}

ProgressLine::~ProgressLine() {
  if (is_shown_) write(kClear);
}

void ProgressLine::show(std::string_view what, std::int64_t done, std::int64_t total) {
  if (!is_terminal_ || clock_.since_boot() < next_) return;
  next_ = clock_.since_boot() + kBetween;
  is_shown_ = true;
  const std::int64_t percent = total > 0 ? done * 100 / total : 100;
  write(kClear + std::string(what) + ": " + size_of(done) + " of " + size_of(total) + " (" +
        std::to_string(percent) + "%)");
}

void ProgressLine::write(const std::string& text) {
  // A terminal that is gone is no reason to stop.
  static_cast<void>(files::write_all(fd_, text).has_value());
}

}  // namespace ostler::console
