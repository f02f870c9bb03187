// SPDX-License-Identifier: Apache-2.0
#include "console/log_lines.hpp"

#include <utility>

#include "console/plain_text.hpp"

namespace ostler::console {
namespace {

constexpr std::size_t kLongestLine = 64u << 10;
constexpr std::size_t kLongestControl = 64;
constexpr char kEscape = '\x1b';
constexpr char kBell = '\a';

bool is_final_byte(char c) { return c >= 0x40 && c <= 0x7e; }
bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f';
}
/// APC, OSC, DCS, SOS, PM: strings that end with BEL or ST.
bool opens_string(char c) { return c == '_' || c == ']' || c == 'P' || c == 'X' || c == '^'; }

}  // namespace

std::vector<std::string> LogLines::feed(std::string_view bytes) {
  std::vector<std::string> lines;
  for (const char c : bytes) take(c, lines);
  return lines;
}

std::string LogLines::unfinished() const { return without_harmful_characters(line_); }

std::string LogLines::finish() {
  state_ = State::Text;
  returned_ = false;
  return without_harmful_characters(std::exchange(line_, {}));
}

void LogLines::take(char c, std::vector<std::string>& lines) {
  if (c == '\n') {  // a sequence that nobody ends must not hide the lines that follow
    lines.push_back(finish());
    return;
  }
  switch (state_) {
    case State::Text: take_text(c, lines); break;
    case State::Escape: take_escape(c); break;
    case State::Control: take_control(c); break;
    case State::String:
      if (c == kBell) state_ = State::Text;
      if (c == kEscape) state_ = State::StringEscape;
      break;
    case State::StringEscape: state_ = c == '\\' ? State::Text : State::String; break;
  }
}

void LogLines::take_text(char c, std::vector<std::string>& lines) {
  if (c == '\r') {
    returned_ = true;
  } else if (c == kEscape) {
    state_ = State::Escape;
  } else if (!is_control(c)) {
    append({&c, 1});
    if (line_.size() >= kLongestLine) lines.push_back(finish());
  }
}

void LogLines::take_escape(char c) {
  control_.clear();
  if (c == '[') {
    state_ = State::Control;
  } else {
    state_ = opens_string(c) ? State::String : State::Text;
  }
}

void LogLines::take_control(char c) {
  control_ += c;
  if (is_final_byte(c)) {
    state_ = State::Text;
    if (c == 'm' && keep_colours_) append("\x1b[" + control_);
  } else if (control_.size() > kLongestControl) {
    state_ = State::Text;
  }
}

void LogLines::append(std::string_view bytes) {
  if (std::exchange(returned_, false)) line_.clear();
  line_ += bytes;
}

}  // namespace ostler::console
