// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostler::console {

/// Turns the raw output of a job into lines fit for somebody's terminal, whatever pieces it comes
/// in: time-stamp codes and all other control sequences go, colours stay if wanted, and of a line
/// that was overwritten with carriage returns the last state remains.
class LogLines {
 public:
  explicit LogLines(bool keep_colours) : keep_colours_(keep_colours) {}

  /// The lines that `bytes` complete, without their ends. A line longer than 64 KiB is cut.
  std::vector<std::string> feed(std::string_view bytes);
  /// The last line as it is so far: a program that counts overwrites it and ends it much later.
  std::string unfinished() const;
  /// What is left of a last line without an end; empty when there is none.
  std::string finish();

 private:
  enum class State : std::uint8_t {
    Text,
    Escape,        ///< after ESC
    Control,       ///< ESC [ ... final byte
    String,        ///< ESC _ (or ] P X ^) ... BEL or ESC backslash
    StringEscape,  ///< ESC inside a String
  };

  void take(char c, std::vector<std::string>& lines);
  void take_text(char c, std::vector<std::string>& lines);
  void take_escape(char c);
  void take_control(char c);
  void append(std::string_view bytes);

  bool keep_colours_;
  State state_ = State::Text;
  std::string line_;
  std::string control_;    ///< the control sequence being read
  bool returned_ = false;  ///< a carriage return came: the next text overwrites the line
};

}  // namespace ostler::console
