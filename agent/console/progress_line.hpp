// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace ostler::console {

/// One line on a terminal that says how far something has come: shown once it has taken a second,
/// drawn anew up to ten times a second, and gone at the end. Nothing where there is no terminal.
class ProgressLine {
 public:
  /// On standard error. The clock outlives it.
  explicit ProgressLine(const Clock& clock);
  /// On a descriptor that is a terminal, or is taken for none.
  ProgressLine(int fd, bool is_terminal, const Clock& clock);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  /// "copying files: 1.5 MiB of 3.0 MiB (50%)"
  void show(std::string_view what, std::int64_t done, std::int64_t total);

 private:
  void write(const std::string& text);

  int fd_;
  bool is_terminal_;
  const Clock& clock_;
  std::chrono::nanoseconds next_;
  bool is_shown_ = false;
};

}  // namespace ostler::console
