// SPDX-License-Identifier: Apache-2.0
#include "pipeline/branch_filter.hpp"

#include <algorithm>
#include <cstddef>

namespace ostler::pipeline {
namespace {

/// Linear in the product of the sizes at worst: goes back to the last "*" only.
bool matches_pattern(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  std::size_t in_text = 0;
  while (in_text < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      resume = in_text;
    } else if (at < pattern.size() && pattern[at] == text[in_text]) {
      ++at;
      ++in_text;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in_text = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t\r\n")));
  const std::string_view word = text.substr(0, text.find_first_of(" \t\r\n"));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace

bool matches_branch(std::string_view filter, std::string_view branch) {
  bool has_plain = false;
  bool admitted = false;
  for (std::string_view word = take_word(filter); !word.empty(); word = take_word(filter)) {
    if (word.front() == '!') {
      if (matches_pattern(word.substr(1), branch)) return false;
    } else {
      has_plain = true;
      admitted = admitted || matches_pattern(word, branch);
    }
  }
  return admitted || !has_plain;
}

}  // namespace ostler::pipeline
