// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
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
  /// `columns`: how wide it is; 0: as wide as anything that is written, as a pipe or a file is.
  explicit Terminal(bool colours, std::size_t columns = 0) : colours_(colours), columns_(columns) {}
  virtual ~Terminal() = default;

  bool has_colours() const { return colours_; }
  std::size_t columns() const { return columns_; }
  /// `text` in that style; unchanged without colours.
  std::string styled(std::string_view text, Style style) const;
  /// Writes one line at once, so that others cannot cut it. One that cannot be written ends
  /// nothing: the run that is shown goes on; output_fault() tells of it.
  virtual void print_line(std::string_view line);
  /// False once a line could not be written because nobody reads the pipe any more.
  bool has_reader() const { return has_reader_; }
  /// Says to a person that a list is empty. Programs that read a pipe or a file get nothing.
  void print_none(std::string_view sentence);
  /// Rings its bell.
  void ring();

 private:
  bool colours_;
  std::size_t columns_;
  bool has_reader_ = true;
};

/// Prints a line on standard output in which there may be text of others: plain_line() of it.
void print_plain(std::string_view line);

/// The error number of the first line that could not be written to standard output; 0 when there
/// is none. A pipe that nobody reads any more is no fault.
int output_fault();

}  // namespace ostler::console
