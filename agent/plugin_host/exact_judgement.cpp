// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/exact_judgement.hpp"

#include <algorithm>
#include <optional>

#include "plugin_host/exact_number.hpp"
#include "plugin_host/schema_library.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

/// Whether two values are the same by JSON Schema: 1 and 1.0 are.
bool is_same(const JsonValue& a, const JsonValue& b) {
  if (a.type != b.type || a.items.size() != b.items.size() ||
      a.members.size() != b.members.size()) {
    return false;
  }
  if (a.type == Type::Number && ExactNumber(a.text) != ExactNumber(b.text)) return false;
  if (a.type != Type::Number && a.text != b.text) return false;
  const auto is_same_member = [](const auto& one, const auto& other) {
    return one.first == other.first && is_same(one.second, other.second);
  };
  return std::ranges::equal(a.items, b.items, is_same) &&
         std::ranges::equal(a.members, b.members, is_same_member);
}

bool has_no_item_twice(const JsonValue& list) {
  for (auto item = list.items.begin(); item != list.items.end(); ++item) {
    if (std::any_of(list.items.begin(), item, [&](const auto& one) { return is_same(one, *item); }))
      return false;
  }
  return true;
}

bool is_bound_kept(std::string_view keyword, const JsonValue& wanted, const JsonValue& value) {
  const auto order = ExactNumber(value.text) <=> ExactNumber(wanted.text);
  if (keyword == "minimum") return order >= 0;
  if (keyword == "exclusiveMinimum") return order > 0;
  return keyword == "maximum" ? order <= 0 : order < 0;
}

/// What is to be said of a number without rounding it; none when that is the library's to say.
std::optional<bool> holds_exactly(std::string_view keyword, const JsonValue& wanted,
                                  const JsonValue& value) {
  if (keyword == "const") return is_same(wanted, value);
  if (keyword == "enum") {
    return std::ranges::any_of(wanted.items,
                               [&](const JsonValue& choice) { return is_same(choice, value); });
  }
  if (keyword == "uniqueItems" && wanted.text == "true") {
    return has_no_item_twice(value);
  }
  if (value.type != Type::Number || wanted.type != Type::Number) return std::nullopt;
  if (keyword == "multipleOf") {
    return ExactNumber(value.text).is_multiple_of(ExactNumber(wanted.text));
  }
  constexpr std::string_view kBoundKeywords[] = {"minimum", "maximum", "exclusiveMinimum",
                                                 "exclusiveMaximum"};
  if (std::ranges::find(kBoundKeywords, keyword) == std::end(kBoundKeywords)) return std::nullopt;
  return is_bound_kept(keyword, wanted, value);
}

bool is_type_of_number(const JsonValue& type, const ExactNumber& number) {
  return type.text == "number" || (type.text == "integer" && number.is_whole());
}

/// Whether the library, which counts in 64 bits and in doubles, sees a number as it is.
bool is_plain_number(std::string_view text) {
  constexpr std::size_t kMostPlainDigits = 15;
  return text.size() <= kMostPlainDigits && text.find_first_of(".eE") == text.npos;
}

}  // namespace

bool holds(std::string_view keyword, const JsonValue& wanted, const JsonValue& value) {
  if (const auto exactly = holds_exactly(keyword, wanted, value)) return *exactly;
  JsonValue schema{.type = Type::Object};
  schema.add_member(std::string(keyword), wanted);
  return !library_fault(schema, value);
}

bool has_type(const JsonValue& wanted, const JsonValue& value) {
  if (value.type == Type::Number) {
    const ExactNumber number(value.text);
    return is_type_of_number(wanted, number) ||
           std::ranges::any_of(wanted.items, [&](const JsonValue& type) {
             return is_type_of_number(type, number);
           });
  }
  const auto is_named = [&](const JsonValue& type) {
    return (value.type == Type::String && type.text == "string") ||
           (value.type == Type::Array && type.text == "array") ||
           (value.type == Type::Object && type.text == "object");
  };
  if (is_named(wanted) || std::ranges::any_of(wanted.items, is_named)) return true;
  // What lies in a list or a mapping says nothing of its type, and may be large.
  const JsonValue alone{.type = value.type, .text = value.text};
  return holds("type", wanted, alone);
}

bool has_plain_numbers(const JsonValue& value) {
  if (value.type == Type::Number) return is_plain_number(value.text);
  return std::ranges::all_of(value.items, has_plain_numbers) &&
         std::ranges::all_of(value.members,
                             [](const auto& member) { return has_plain_numbers(member.second); });
}

int text_weight(std::size_t bytes) {
  constexpr std::size_t kTextOfValue = 64;
  return static_cast<int>(bytes / kTextOfValue);
}

int count_values(const JsonValue& value, int most) {
  int count = 1 + text_weight(value.text.size());
  for (const JsonValue& item : value.items) {
    if (count >= most) return most;
    count += count_values(item, most - count);
  }
  for (const auto& [name, member] : value.members) {
    count += text_weight(name.size());
    if (count >= most) return most;
    count += count_values(member, most - count);
  }
  return count;
}

std::int64_t count_compared(std::string_view keyword, const JsonValue& wanted,
                            const JsonValue& value, int most) {
  if (keyword == "const" || keyword == "enum") return count_values(wanted, most);
  if (keyword != "uniqueItems" || wanted.text != "true") return 0;
  return static_cast<std::int64_t>(value.items.size()) * count_values(value, most) / 2;
}

}  // namespace ostler::plugin_host
