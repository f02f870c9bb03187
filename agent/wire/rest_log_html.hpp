// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ostler::wire {

/// How a terminal would show the text that follows.
struct TerminalStyle {
  std::string foreground{};  ///< class of its colour: "term-fg31", "term-fgx208"; empty: usual
  std::string background{};
  bool bold = false;
  bool faint = false;
  bool italic = false;
  bool underline = false;
  bool strike = false;

  friend bool operator==(const TerminalStyle&, const TerminalStyle&) = default;

  /// Applies the parameters of a "select graphic rendition" code: "1;31".
  void apply(std::string_view parameters);
  /// The classes of a span in this style, a space apart; empty: it needs none.
  std::string classes() const;
};

/// The HTML form of a job's log, made piece by piece so that no log is ever held whole: `begin()`,
/// `append()` for each piece in order, `end()`. A page of its own without scripts, in which every
/// byte of the log is text: colours and line times become markup, a line that was overwritten is
/// shown as it was last, all other codes are left out. Source: rest-api, 10.8.
class LogHtmlStream {
 public:
  explicit LogHtmlStream(std::string_view title) : title_(title) {}

  std::string begin() const;
  std::string append(std::string_view bytes);
  std::string end();

 private:
  enum class Place : std::uint8_t { Text, Escape, Control, Code, CodeEscape };

  void step(char byte);
  void step_text(char byte);
  void step_escape(char byte);
  void step_control(char byte);
  void step_code(char byte);
  void put(char byte);
  void end_code();
  void end_line();
  void drop_line();
  void close_span();
  void flush();

  std::string title_;
  std::string out_;
  std::string line_;          ///< of the log, as HTML, as far as it is not in out_
  std::string held_;          ///< parameters of a control code, or the text of a longer one
  std::string stamp_;         ///< <time> of this line; empty: none, or written
  TerminalStyle style_;       ///< of what follows
  TerminalStyle span_style_;  ///< of the span that is open
  bool is_span_open_ = false;
  bool has_returned_ = false;  ///< a carriage return came last
  Place place_ = Place::Text;
};

}  // namespace ostler::wire
