// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_log_html.hpp"

#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "wire/html_text.hpp"

namespace ostler::wire {
namespace {

constexpr char kEscapeByte = '\x1b';
constexpr char kBellByte = '\a';
constexpr std::size_t kLongestCode = 64;         ///< what is longer is no code that is known here
constexpr std::size_t kLongestLine = 64u << 10;  ///< more is written before it is known to stay
constexpr std::string_view kStampBegin = "bk;t=";

constexpr std::string_view kStyle =
    "<style>body{background:#171717;color:#e5e5e5;margin:1em}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 ui-monospace,monospace}"
    "time{color:#777;user-select:none;margin-right:1em}"
    ".term-fg1{font-weight:bold}.term-fg2{opacity:.6}.term-fg3{font-style:italic}"
    ".term-fg4{text-decoration:underline}.term-fg9{text-decoration:line-through}"
    ".term-fg30,.term-fgi90{color:#777}.term-fg31,.term-fgi91{color:#f66}"
    ".term-fg32,.term-fgi92{color:#6c6}.term-fg33,.term-fgi93{color:#db5}"
    ".term-fg34,.term-fgi94{color:#79f}.term-fg35,.term-fgi95{color:#d7d}"
    ".term-fg36,.term-fgi96{color:#5cc}.term-fg37,.term-fgi97{color:#fff}"
    ".term-bg41,.term-bgi101{background:#822}.term-bg42,.term-bgi102{background:#262}"
    ".term-bg43,.term-bgi103{background:#762}.term-bg44,.term-bgi104{background:#246}"
    ".term-bg45,.term-bgi105{background:#626}.term-bg46,.term-bgi106{background:#266}"
    ".term-bg47,.term-bgi107{background:#555}</style>";

std::vector<int> numbers_in(std::string_view parameters) {
  std::vector<int> numbers;
  while (true) {
    const std::size_t end = parameters.find(';');
    const std::string_view part = parameters.substr(0, end);
    int number = 0;
    std::from_chars(part.data(), part.data() + part.size(), number);
    numbers.push_back(number);
    if (end == parameters.npos) return numbers;
    parameters.remove_prefix(end + 1);
  }
}

/// The class of one of the sixteen colours; empty for another code.
std::string colour_class(int code) {
  const std::string number = std::to_string(code);
  if (code >= 30 && code <= 37) return "term-fg" + number;
  if (code >= 90 && code <= 97) return "term-fgi" + number;
  if (code >= 40 && code <= 47) return "term-bg" + number;
  if (code >= 100 && code <= 107) return "term-bgi" + number;
  return {};
}

bool is_background(int code) { return (code >= 40 && code <= 49) || code >= 100; }

void switch_attribute(TerminalStyle& style, int code) {
  switch (code) {
    case 1: style.bold = true; break;
    case 2: style.faint = true; break;
    case 3: style.italic = true; break;
    case 4: style.underline = true; break;
    case 9: style.strike = true; break;
    case 22: style.bold = style.faint = false; break;
    case 23: style.italic = false; break;
    case 24: style.underline = false; break;
    case 29: style.strike = false; break;
    default: break;
  }
}

std::optional<Timestamp> time_of(std::string_view code) {
  if (!code.starts_with(kStampBegin)) return std::nullopt;
  code.remove_prefix(kStampBegin.size());
  std::int64_t milliseconds = 0;
  const auto read = std::from_chars(code.data(), code.data() + code.size(), milliseconds);
  constexpr std::int64_t kLast = 253'402'300'799'999;  // the end of the year 9999
  const bool is_time = read.ec == std::errc() && milliseconds >= 0 && milliseconds <= kLast;
  return is_time ? std::optional(Timestamp{milliseconds * 1000}) : std::nullopt;
}

}  // namespace

void TerminalStyle::apply(std::string_view parameters) {
  const std::vector<int> codes = numbers_in(parameters);
  for (std::size_t at = 0; at < codes.size(); ++at) {
    const int code = codes[at];
    if (code == 0) *this = {};
    switch_attribute(*this, code);
    if (code == 39) foreground.clear();
    if (code == 49) background.clear();
    std::string colour = colour_class(code);
    if (code == 38 || code == 48) {
      // "5;n" is one of 256 colours; "2;r;g;b" has no class.
      const bool is_indexed = at + 2 < codes.size() && codes[at + 1] == 5;
      if (is_indexed && codes[at + 2] >= 0 && codes[at + 2] < 256) {
        colour = (code == 38 ? "term-fgx" : "term-bgx") + std::to_string(codes[at + 2]);
      }
      at += is_indexed ? 2 : 4;
    }
    if (!colour.empty()) (is_background(code) ? background : foreground) = std::move(colour);
  }
}

std::string TerminalStyle::classes() const {
  std::string text;
  const auto add = [&](bool is_set, std::string_view name) {
    if (is_set) text.append(text.empty() ? "" : " ").append(name);
  };
  add(!foreground.empty(), foreground);
  add(!background.empty(), background);
  add(bold, "term-fg1");
  add(faint, "term-fg2");
  add(italic, "term-fg3");
  add(underline, "term-fg4");
  add(strike, "term-fg9");
  return text;
}

std::string LogHtmlStream::begin() const {
  std::string html = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>";
  append_html(html, title_);
  return html.append("</title>").append(kStyle).append("</head><body><pre>");
}

std::string LogHtmlStream::append(std::string_view bytes) {
  for (const char byte : bytes) step(byte);
  if (line_.size() > kLongestLine) flush();
  return std::exchange(out_, {});
}

std::string LogHtmlStream::end() {
  if (!line_.empty() || is_span_open_) end_line();
  return std::exchange(out_, {}) + "</pre></body></html>\n";
}

void LogHtmlStream::step(char byte) {
  switch (place_) {
    case Place::Text: return step_text(byte);
    case Place::Escape: return step_escape(byte);
    case Place::Control: return step_control(byte);
    case Place::Code: return step_code(byte);
    case Place::CodeEscape:
      place_ = Place::Text;
      end_code();
      // "ESC \" ends it; anything else begins a code of its own.
      if (byte != '\\') step_escape(byte);
      return;
  }
}

void LogHtmlStream::step_text(char byte) {
  if (byte == kEscapeByte) {
    place_ = Place::Escape;
  } else if (byte == '\n') {
    end_line();
  } else if (byte == '\r') {
    has_returned_ = true;
  } else if (byte == '\t' || static_cast<unsigned char>(byte) >= 0x20) {
    if (byte != '\x7f') put(byte);
  }
}

void LogHtmlStream::step_escape(char byte) {
  held_.clear();
  // "ESC ( B" names a character set: what stands between belongs to the code.
  if (byte >= 0x20 && byte <= 0x2f) return;
  switch (byte) {
    case '[': place_ = Place::Control; return;
    case ']':
    case '_':
    case 'P':
    case '^':
    case 'X': place_ = Place::Code; return;
    case kEscapeByte: place_ = Place::Escape; return;
    default: place_ = Place::Text; return;
  }
}

void LogHtmlStream::step_control(char byte) {
  const bool is_final = byte >= 0x40 && byte <= 0x7e;
  if (!is_final) {
    if (held_.size() < kLongestCode) held_ += byte;
    return;
  }
  place_ = Place::Text;
  const bool is_whole = held_.size() < kLongestCode;
  if (byte == 'm' && is_whole) style_.apply(held_);
  if (byte == 'K' && held_ == "2") drop_line();
}

void LogHtmlStream::step_code(char byte) {
  if (byte == kBellByte) {
    place_ = Place::Text;
    end_code();
  } else if (byte == kEscapeByte) {
    place_ = Place::CodeEscape;
  } else if (byte == '\n') {
    // No code reaches over a line: this one was never ended.
    place_ = Place::Text;
    end_line();
  } else if (held_.size() < kLongestCode) {
    held_ += byte;
  }
}

void LogHtmlStream::end_code() {
  const auto at = time_of(held_);
  if (!at || !line_.empty()) return;
  const std::string text = format_rfc3339(*at, 3);
  stamp_ = "<time datetime=\"" + text + "\">" + text.substr(11, 8) + "</time>";
}

void LogHtmlStream::put(char byte) {
  if (std::exchange(has_returned_, false)) drop_line();
  if (is_span_open_ && span_style_ != style_) close_span();
  if (!is_span_open_ && style_ != TerminalStyle()) {
    const std::string classes = style_.classes();
    line_.append("<span class=\"").append(classes).append("\">");
    span_style_ = style_;
    is_span_open_ = true;
  }
  append_html(line_, std::string_view(&byte, 1));
}

void LogHtmlStream::close_span() {
  if (std::exchange(is_span_open_, false)) line_ += "</span>";
}

void LogHtmlStream::drop_line() {
  line_.clear();
  is_span_open_ = false;
}

void LogHtmlStream::flush() {
  close_span();
  out_ += std::exchange(stamp_, {});
  out_ += std::exchange(line_, {});
}

void LogHtmlStream::end_line() {
  has_returned_ = false;
  flush();
  out_ += '\n';
}

}  // namespace ostler::wire
