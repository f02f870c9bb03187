// SPDX-License-Identifier: Apache-2.0
#include "log/timestamper.hpp"

#include <algorithm>
#include <chrono>

namespace ostler::log {
namespace {

constexpr char kEscape = '\x1b';
constexpr char kBell = '\a';
constexpr std::chrono::seconds kLongestSilence{1};

bool between(char byte, char first, char last) { return byte >= first && byte <= last; }

std::string code_for(Timestamp now) {
  return "\x1b_bk;t=" + std::to_string(now.micros / 1000) + kBell;
}

}  // namespace

void Timestamper::write(std::string_view bytes, std::string& out) {
  if (bytes.empty()) return;
  const Timestamp now = clock_.now();
  const std::string code = code_for(now);
  std::size_t at = 0;
  std::size_t escape = std::min(bytes.find(kEscape), bytes.size());
  while (at < bytes.size()) {
    if (state_ != State::Text) {
      const std::size_t end = pass_code(bytes, at);
      out.append(bytes.substr(at, end - at));
      at = end;
      continue;
    }
    if (line_start_ || now - stamped_ > kLongestSilence) {
      out += code;
      stamped_ = now;
      line_start_ = false;
    }
    if (escape < at) escape = std::min(bytes.find(kEscape, at), bytes.size());
    const std::string_view text = bytes.substr(at, escape - at);
    const std::size_t line_end = text.find('\n');
    line_start_ = line_end != std::string_view::npos;
    const std::size_t size = line_start_ ? line_end + 1 : text.size();
    out.append(text.substr(0, size));
    at += size;
    if (!line_start_ && at < bytes.size()) {
      out += kEscape;
      ++at;
      state_ = State::Escape;
    }
  }
}

/// Where the ANSI sequence that goes on at `at` ends, or the end of `bytes`.
std::size_t Timestamper::pass_code(std::string_view bytes, std::size_t at) {
  while (at < bytes.size() && state_ != State::Text) {
    if (bytes[at] == '\n') line_start_ = true;
    state_ = after(bytes[at++]);
  }
  return at;
}

Timestamper::State Timestamper::after(char byte) {
  switch (state_) {
    case State::Text: return byte == kEscape ? State::Escape : State::Text;
    case State::Escape: return after_escape(byte);
    case State::Intermediate: return between(byte, ' ', '/') ? State::Intermediate : State::Text;
    case State::Csi: return after_csi(byte);
    case State::String:
      return byte == kBell ? State::Text : byte == kEscape ? State::StringEscape : State::String;
    case State::StringEscape:
      return byte == '\\' ? State::Text : byte == kEscape ? State::StringEscape : State::String;
  }
  return State::Text;
}

Timestamper::State Timestamper::after_escape(char byte) {
  if (byte == '[') {
    csi_parameters_ = 0;
    return State::Csi;
  }
  if (byte == 'P' || byte == 'X' || byte == ']' || byte == '^' || byte == '_') return State::String;
  if (byte == kEscape) return State::Escape;
  return between(byte, ' ', '/') ? State::Intermediate : State::Text;
}

Timestamper::State Timestamper::after_csi(char byte) {
  if (byte == kEscape) return State::Escape;
  if (between(byte, ' ', '?')) {
    if (csi_parameters_ == 0) csi_parameter_ = byte;
    csi_parameters_ = static_cast<std::uint8_t>(std::min(csi_parameters_ + 1, 2));
    return State::Csi;
  }
  const bool erases_line =
      byte == 'K' &&
      (csi_parameters_ == 0 || (csi_parameters_ == 1 && between(csi_parameter_, '0', '2')));
  if (erases_line) line_start_ = true;
  return State::Text;
}

}  // namespace ostler::log
