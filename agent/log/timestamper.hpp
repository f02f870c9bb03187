// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace ostler::log {

/// Puts time-stamp codes (ESC _ bk;t=<unix ms> BEL) into job output: before the first byte of each
/// line and, when more than 1 s has passed since the last one, before the next byte. A line ends
/// with LF or an erase-in-line sequence. Never inside an ANSI sequence, split over writes or not.
/// Source: agent-api 5.2.
class Timestamper {
 public:
  /// Requires: `clock` outlives it.
  explicit Timestamper(const Clock& clock) : clock_(clock) {}

  /// Appends `bytes` with their codes to `out`. Withholds nothing.
  void write(std::string_view bytes, std::string& out);

 private:
  //  Text --ESC--> Escape --[--> Csi --final--> Text
  //                   |---] P X ^ _--> String --BEL--> Text
  //                   |                   |--ESC--> StringEscape --\--> Text
  //                   `---other--> Text
  enum class State : std::uint8_t { Text, Escape, Intermediate, Csi, String, StringEscape };

  std::size_t pass_code(std::string_view bytes, std::size_t at);
  State after(char byte);
  State after_escape(char byte);
  State after_csi(char byte);

  const Clock& clock_;
  Timestamp stamped_{};
  State state_ = State::Text;
  bool line_start_ = true;
  std::uint8_t csi_parameters_ = 0;  // bytes between "ESC [" and the final one, at most 2 counted
  char csi_parameter_ = 0;           // the first of them
};

}  // namespace ostler::log
