// SPDX-License-Identifier: Apache-2.0
#include "report/shown_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"
#include "report/report.hpp"
#include "wire/json_reader.hpp"
#include "wire/report_words.hpp"

namespace ostler::report {
namespace {

using nlohmann::json;

constexpr std::string_view kBlanks = " \t\r\n\v\f";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

std::string_view without_blanks_around(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

bool is_control(char32_t character) {
  return character < 0x20 || (character >= 0x7F && character < 0xA0);
}

}  // namespace

std::string shown_text(std::string_view text, std::size_t longest) {
  text = without_blanks_around(text);
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  std::string shown;
  for (std::string_view rest = without_blanks_around(line); !rest.empty();) {
    const CodePoint character = first_code_point(rest);
    const std::size_t size = std::max<std::size_t>(character.size, 1);
    std::string_view part = character.size == 0 ? kReplacement : rest.substr(0, size);
    if (character.size > 0 && is_control(character.value)) part = " ";
    if (shown.size() + part.size() > longest) return shown.append(wire::kCutMark);
    shown += part;
    rest.remove_prefix(size);
  }
  if (line.size() < text.size()) shown += wire::kCutMark;
  return shown;
}

BoundedList::BoundedList(std::size_t most_items)
    : most_items_(most_items), items_(std::make_unique<json>(json::array())) {}
BoundedList::~BoundedList() = default;

void BoundedList::add(json item) {
  if (is_full_) return;
  bytes_ += wire::to_text(item).size();
  is_full_ = bytes_ > kLongestSummary;
  if (is_full_) return;
  items_->push_back(std::move(item));
  is_full_ = items_->size() == most_items_;
}

json BoundedList::take() && { return std::move(*items_); }

}  // namespace ostler::report
