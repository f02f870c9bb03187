// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ostler::console {

enum class Style : std::uint8_t { Plain, Bold, Faint, Good, Bad, Warning };

/// Standard output as people see it: with colours on a terminal, plain when it is a pipe or a
/// file, when NO_COLOR is set or when TERM is dumb.
class Terminal {
 public:
  /// What standard output is.
  static Terminal of_standard_output();
  explicit Terminal(bool colours) : colours_(colours) {}
  virtual ~Terminal() = default;

  bool has_colours() const { return colours_; }
  /// `text` in that style; unchanged without colours.
  std::string styled(std::string_view text, Style style) const;
  /// Writes one line at once, so that others cannot cut it. A closed pipe is no error: the run
  /// that is shown goes on.
  virtual void print_line(std::string_view line);

 private:
  bool colours_;
};

}  // namespace ostler::console
