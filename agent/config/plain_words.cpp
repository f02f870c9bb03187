// SPDX-License-Identifier: Apache-2.0
#include "config/plain_words.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace ostler::config {
namespace {

/// Put before a word that the parser would take apart, and taken away again behind it.
constexpr char kGuard = '\x01';

bool is_bracketed(const std::string& word) { return word.starts_with('[') && word.ends_with(']'); }

CLI::Validator without_guard() {
  const auto strip = [](std::string& word) {
    if (word.starts_with(kGuard)) word.erase(0, 1);
    return std::string();
  };
  return CLI::Validator(strip, "");
}

/// Whether `word` gives an option that wants a value the empty one.
bool is_empty_value(const CLI::App& app, const std::string& word) {
  if (!word.starts_with("--") || word.find('=') != word.size() - 1) return false;
  const CLI::Option* option = app.get_option_no_throw(word.substr(0, word.size() - 1));
  return option != nullptr && option->get_items_expected_min() > 0;
}

}  // namespace

std::vector<std::string> plain_words(CLI::App& app, const std::vector<std::string>& words) {
  const bool needs_guard = std::ranges::any_of(words, is_bracketed);
  for (CLI::Option* option : app.get_options()) {
    if (needs_guard) option->transform(without_guard());
  }
  std::vector<std::string> plain;
  bool are_flags_over = false;
  for (const std::string& word : words) {
    are_flags_over = are_flags_over || word == "--";
    if (!are_flags_over && is_empty_value(app, word)) {
      plain.push_back(word.substr(0, word.size() - 1));
      plain.emplace_back();
    } else {
      plain.push_back(is_bracketed(word) ? kGuard + word : word);
    }
  }
  std::ranges::reverse(plain);
  return plain;
}

}  // namespace ostler::config
