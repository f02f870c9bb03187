// SPDX-License-Identifier: Apache-2.0
#include "pipeline/quoted_scalar.hpp"

#include <algorithm>

namespace ostler::pipeline {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

void skip(std::string_view& text, std::size_t count) {
  text.remove_prefix(std::min(count, text.size()));
}

std::string_view without_properties(std::string_view text) {
  while (text.starts_with('&') || text.starts_with('!')) {
    skip(text, text.find_first_of(kBlanks));
    skip(text, text.find_first_not_of(kBlanks));
  }
  return text;
}

}  // namespace

bool is_unclosed_quote(std::string_view text) {
  text = without_properties(text);
  if (!text.starts_with('"') && !text.starts_with('\'')) return false;
  const char quote = text.front();
  skip(text, 1);
  while (!text.empty()) {
    const bool escaped =
        quote == '"' ? text.front() == '\\' : text.starts_with("''");  // '' is a quote in '…'
    if (!escaped && text.front() == quote) return false;
    skip(text, escaped ? 2 : 1);
  }
  return true;
}

}  // namespace ostler::pipeline
