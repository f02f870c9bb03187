// SPDX-License-Identifier: Apache-2.0
#include "console/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

#include "console/plain_text.hpp"
#include "console/standard_output.hpp"
#include "files/file.hpp"

namespace ostler::console {
namespace {

std::atomic<int> g_output_fault = 0;

bool wants_colours() {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* term = std::getenv("TERM");
  return term == nullptr || std::string_view(term) != "dumb";
}

/// The width of the terminal that standard output is; 0 when it is none, or does not say.
std::size_t columns_of_standard_output() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::string_view code_of(Style style) {
  switch (style) {
    case Style::Plain: return "";
    case Style::Bold: return "\x1b[1m";
    case Style::Faint: return "\x1b[2m";
    case Style::Good: return "\x1b[32m";
    case Style::Bad: return "\x1b[31m";
    case Style::Warning: return "\x1b[33m";
  }
  return "";
}

}  // namespace

Terminal Terminal::of_standard_output() {
  return Terminal(isatty(STDOUT_FILENO) == 1 && wants_colours(), columns_of_standard_output());
}

std::string Terminal::styled(std::string_view text, Style style) const {
  if (!colours_ || style == Style::Plain) return std::string(text);
  return std::string(code_of(style)).append(text).append("\x1b[0m");
}

void Terminal::print_line(std::string_view line) {
  const auto written = write_line(line);
  if (written) return;
  if (written.error().native() == EPIPE) {
    has_reader_ = false;
    return;
  }
  int none = 0;
  g_output_fault.compare_exchange_strong(none, written.error().native());
}

void Terminal::print_none(std::string_view sentence) {
  if (columns_ > 0) print_line(styled(sentence, Style::Faint));
}

void Terminal::ring() { static_cast<void>(files::write_all(STDOUT_FILENO, "\a").has_value()); }

void print_plain(std::string_view line) {
  Terminal::of_standard_output().print_line(plain_line(line));
}

int output_fault() { return g_output_fault; }

}  // namespace ostler::console
