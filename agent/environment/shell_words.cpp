// SPDX-License-Identifier: Apache-2.0
#include "environment/shell_words.hpp"

#include <algorithm>

namespace ostler::environment {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

Error unclosed(std::string_view text, char quote) {
  return {Errc::UserFault, std::string("no closing ") + quote + " in: " + std::string(text)};
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  Result<std::vector<std::string>> split() {
    while (skip_blanks()) {
      words_.emplace_back();
      OSTLER_TRY(take_word(words_.back()));
    }
    return std::move(words_);
  }

 private:
  bool skip_blanks() {
    at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size());
    return at_ < text_.size();
  }

  Result<void> take_word(std::string& word) {
    while (at_ < text_.size() && kBlanks.find(text_[at_]) == kBlanks.npos) {
      const char byte = text_[at_++];
      if (byte == '\'') {
        OSTLER_TRY(take_single(word));
      } else if (byte == '"') {
        OSTLER_TRY(take_double(word));
      } else if (byte == '\\') {
        if (at_ == text_.size()) return unclosed(text_, '\\');
        word += text_[at_++];
      } else {
        word += byte;
      }
    }
    return success();
  }

  Result<void> take_single(std::string& word) {
    const std::size_t end = text_.find('\'', at_);
    if (end == text_.npos) return unclosed(text_, '\'');
    word += text_.substr(at_, end - at_);
    at_ = end + 1;
    return success();
  }

  Result<void> take_double(std::string& word) {
    while (at_ < text_.size() && text_[at_] != '"') {
      const bool escape = text_[at_] == '\\' && at_ + 1 < text_.size() &&
                          std::string_view("\"\\$`\n").find(text_[at_ + 1]) != text_.npos;
      if (escape) ++at_;
      word += text_[at_++];
    }
    if (at_ == text_.size()) return unclosed(text_, '"');
    ++at_;
    return success();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> words_;
};

}  // namespace

Result<std::vector<std::string>> split_shell_words(std::string_view text) {
  return Splitter(text).split();
}

std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace ostler::environment
