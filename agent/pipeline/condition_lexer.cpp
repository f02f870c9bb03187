// SPDX-License-Identifier: Apache-2.0
#include "pipeline/condition_lexer.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/condition_shell.hpp"

namespace ostler::pipeline {
namespace {

bool begins_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_decimal(char c) { return c >= '0' && c <= '9'; }
bool is_octal(char c) { return c >= '0' && c <= '7'; }
bool continues_word(char c) { return begins_word(c) || is_decimal(c); }

int hex_value(char c) {
  if (is_decimal(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The character that "\<letter>" stands for in a text in double quotes; itself: none.
char escaped(char letter) {
  constexpr std::string_view kLetters = "nsrtvfbae";
  constexpr std::string_view kMeanings = "\n \r\t\v\f\b\a\x1b";
  const auto place = kLetters.find(letter);
  return place == kLetters.npos ? letter : kMeanings[place];
}

class ConditionLexer {
 public:
  ConditionLexer(std::string_view text, std::vector<ConditionToken>& tokens)
      : text_(text), tokens_(tokens) {}

  std::optional<ConditionFault> run() {
    for (skip_blank(); at_ < text_.size() && !fault_; skip_blank()) read_token();
    tokens_.push_back({.at = text_.size()});
    return std::move(fault_);
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void fail(std::size_t at, std::string text) {
    if (!fault_) fault_ = ConditionFault{at, std::move(text)};
    at_ = text_.size();
  }

  void skip_blank() {
    while (at_ < text_.size()) {
      const bool is_comment = peek() == '/' && peek(1) == '/' && !wants_regex();
      if (is_comment) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (std::string_view(" \t\r\n").find(peek()) != std::string_view::npos) {
        ++at_;
      } else {
        return;
      }
    }
  }

  /// A slash begins a regex only where one may stand: on the right of its operators.
  bool wants_regex() const {
    if (tokens_.empty()) return false;
    const ConditionToken& last = tokens_.back();
    if (last.kind == ConditionTokenKind::Name) return last.text == "includes";
    return last.kind == ConditionTokenKind::Operator && (last.text == "=~" || last.text == "!~");
  }

  void read_token() {
    const char c = peek();
    if (begins_word(c)) return read_name();
    if (is_decimal(c)) return read_integer();
    if (c == '\'') return read_single_quoted();
    if (c == '"') return read_double_quoted();
    if (c == '$') return read_shell();
    if (c == '/' && wants_regex()) return read_regex();
    read_operator();
  }

  void add(ConditionTokenKind kind, std::size_t begin) {
    tokens_.push_back(
        {.kind = kind, .at = begin, .text = std::string(text_.substr(begin, at_ - begin))});
  }

  void read_name() {
    const std::size_t begin = at_;
    while (continues_word(peek()) || peek() == '.') ++at_;
    add(ConditionTokenKind::Name, begin);
  }

  void read_integer() {
    const std::size_t begin = at_;
    while (is_decimal(peek())) ++at_;
    if (begins_word(peek()) || peek() == '.') {
      return fail(begin, "only whole decimal numbers are numbers; put anything else in quotes");
    }
    add(ConditionTokenKind::Integer, begin);
  }

  void read_single_quoted() {
    const std::size_t begin = at_++;
    std::string text;
    while (at_ < text_.size() && peek() != '\'') {
      const bool is_escape = peek() == '\\' && (peek(1) == '\\' || peek(1) == '\'');
      at_ += std::size_t{is_escape};
      text += text_[at_++];
    }
    if (at_ == text_.size()) return fail(begin, "a text that does not end; close it with '");
    ++at_;
    tokens_.push_back(
        {.kind = ConditionTokenKind::Text, .at = begin, .parts = {{false, std::move(text)}}});
  }

  void read_double_quoted() {
    const std::size_t begin = at_++;
    ConditionToken token{.kind = ConditionTokenKind::Text, .at = begin};
    std::string text;
    while (at_ < text_.size() && peek() != '"') {
      if (peek() == '\\') {
        read_escape(text);
      } else if (const std::size_t length = shell_variable_length(text_.substr(at_)); length > 0) {
        token.parts.push_back({false, std::exchange(text, {})});
        token.parts.push_back({true, std::string(text_.substr(at_, length))});
        at_ += length;
      } else if (peek() == '$' && peek(1) == '{') {
        return fail(at_, "a ${ that does not end; close it with }, or write \\$ for a dollar");
      } else {
        text += text_[at_++];
      }
    }
    if (at_ >= text_.size()) return fail(begin, "a text that does not end; close it with \"");
    ++at_;
    token.parts.push_back({false, std::move(text)});
    tokens_.push_back(std::move(token));
  }

  void read_escape(std::string& text) {
    const std::size_t begin = at_++;
    if (at_ == text_.size()) return;
    if (peek() == 'x') {
      const int high = hex_value(peek(1));
      const int low = hex_value(peek(2));
      if (high < 0 || low < 0) return fail(begin, "\\x wants two hexadecimal digits");
      text += static_cast<char>(high * 16 + low);
      at_ += 3;
    } else if (is_octal(peek())) {
      int value = 0;
      for (int digits = 0; digits < 3 && is_octal(peek()); ++digits) {
        value = value * 8 + (text_[at_++] - '0');
      }
      if (value > 0377) return fail(begin, "the largest octal character is \\377");
      text += static_cast<char>(value);
    } else {
      text += escaped(text_[at_++]);
    }
  }

  void read_shell() {
    const std::size_t begin = at_;
    const std::size_t length = shell_variable_length(text_.substr(at_));
    if (length == 0) return fail(begin, "a $ without a variable; write $NAME or ${NAME}");
    at_ += length;
    add(ConditionTokenKind::Shell, begin);
  }

  void read_regex() {
    const std::size_t begin = at_++;
    std::string pattern;
    while (at_ < text_.size() && peek() != '/') {
      const bool is_escape = peek() == '\\' && at_ + 1 < text_.size();
      if (is_escape && peek(1) != '/') pattern += '\\';
      at_ += std::size_t{is_escape};
      pattern += text_[at_++];
    }
    if (at_ >= text_.size()) return fail(begin, "a regex that does not end; close it with /");
    ++at_;
    ConditionToken token{
        .kind = ConditionTokenKind::Regex, .at = begin, .text = std::move(pattern)};
    for (; continues_word(peek()); ++at_) {
      if (peek() != 'i') return fail(at_, "the only flag of a regex is i");
      token.ignores_case = true;
    }
    tokens_.push_back(std::move(token));
  }

  void read_operator() {
    constexpr std::string_view kOperators[] = {"==", "!=", "=~", "!~", "&&", "||", "!",
                                               "(",  ")",  "[",  "]",  ",",  "?",  ":"};
    for (const std::string_view known : kOperators) {
      if (!text_.substr(at_).starts_with(known)) continue;
      const std::size_t begin = at_;
      at_ += known.size();
      return add(ConditionTokenKind::Operator, begin);
    }
    const std::string what(text_.substr(at_, 1));
    if (what == "=") return fail(at_, "= is no operator; write ==");
    if (what == "&" || what == "|") return fail(at_, what + " is no operator; write it twice");
    if (what == "/") return fail(at_, "a regex stands only behind =~, !~ or includes");
    fail(at_, "a character that means nothing here; put texts in quotes");
  }

  std::string_view text_;
  std::vector<ConditionToken>& tokens_;
  std::size_t at_ = 0;
  std::optional<ConditionFault> fault_;
};

}  // namespace

std::optional<ConditionFault> read_condition_tokens(std::string_view text,
                                                    std::vector<ConditionToken>& tokens) {
  return ConditionLexer(text, tokens).run();
}

}  // namespace ostler::pipeline
