// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/fault_words.hpp"

#include <algorithm>

#include "base/joined.hpp"
#include "base/nearest_word.hpp"
#include "base/utf8.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

constexpr std::size_t kLongestShown = 60;  // bytes of one text
constexpr std::size_t kMostChoices = 8;
constexpr std::string_view kNoItemTwice = "no item twice";

/// Characters that change the line, the direction of text or the meaning of quotes.
bool is_plain(char32_t character) {
  if (character < 0x20 || (character >= 0x7F && character < 0xA0)) return false;
  if (character == '"' || character == '\\') return false;
  if (character >= 0x200B && character <= 0x200F) return false;
  if (character >= 0x2028 && character <= 0x202E) return false;
  return (character < 0x2060 || character > 0x206F) && character != 0xFEFF;
}

bool is_short_and_plain(std::string_view text) {
  if (text.size() > kLongestShown) return false;
  while (!text.empty()) {
    const CodePoint next = first_code_point(text);
    if (next.size == 0 || !is_plain(next.value)) return false;
    text.remove_prefix(next.size);
  }
  return true;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

/// A value where its kind is plain from its look: `"slow"`, 7.
std::string shown(const JsonValue& value) {
  switch (value.type) {
    case Type::Null: return "null";
    case Type::Boolean: return value.text;
    case Type::Number: return value.text.size() <= kLongestShown ? value.text : "a long number";
    case Type::String:
      if (is_short_and_plain(value.text)) return "\"" + value.text + "\"";
      return "a string of " + counted(characters_of(value.text), "character");
    case Type::Array: return "a list";
    case Type::Object: return "a mapping";
  }
  return {};
}

/// The same for what a schema says, where a list stands for itself.
std::string shown_choice(const JsonValue& choice) {
  if (choice.type != Type::Array && choice.type != Type::Object) return shown(choice);
  const std::string json = canonical_json(choice);
  return json.size() <= kLongestShown && is_ascii(json) ? json : shown(choice);
}

std::string type_in_words(std::string_view type) {
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"array", "a list"},    {"boolean", "true or false"}, {"integer", "a whole number"},
      {"number", "a number"}, {"object", "a mapping"},      {"string", "a string"},
  };
  for (const auto& [name, words] : kWords) {
    if (name == type) return std::string(words);
  }
  return "null";
}

std::string types_in_words(const JsonValue& wanted) {
  if (wanted.type == Type::String) return type_in_words(wanted.text);
  std::vector<std::string> words;
  for (const JsonValue& one : wanted.items) words.push_back(type_in_words(one.text));
  return joined(words, " or ");
}

std::string choices_in_words(const JsonValue& choices) {
  std::vector<std::string> words;
  for (const JsonValue& choice : choices.items) {
    if (words.size() == kMostChoices) break;
    words.push_back(shown_choice(choice));
  }
  const std::size_t more = choices.items.size() - words.size();
  return (choices.items.size() == 1 ? "" : "one of ") + joined(words, ", ") +
         (more == 0 ? "" : " or " + std::to_string(more) + " others");
}

std::string nearest_choice(const JsonValue& choices, const JsonValue& value) {
  if (value.type != Type::String) return {};
  std::vector<std::string_view> texts;
  for (const JsonValue& choice : choices.items) {
    if (choice.type == Type::String && is_short_and_plain(choice.text)) {
      texts.push_back(choice.text);
    }
  }
  const std::string_view near = nearest_word(value.text, texts);
  return near.empty() ? "" : "; did you mean \"" + std::string(near) + "\"?";
}

/// What the keywords that bound a number or a count say of them.
struct Bound {
  std::string_view keyword;
  std::string_view words;
  std::string_view noun;  ///< what is counted; empty: the value itself
};
constexpr Bound kBounds[] = {
    {"minimum", "at least", ""},           {"maximum", "at most", ""},
    {"exclusiveMinimum", "more than", ""}, {"exclusiveMaximum", "less than", ""},
    {"multipleOf", "a multiple of", ""},   {"minLength", "at least", "character"},
    {"maxLength", "at most", "character"}, {"minItems", "at least", "item"},
    {"maxItems", "at most", "item"},       {"minProperties", "at least", "key"},
    {"maxProperties", "at most", "key"},
};

std::size_t count_of(const Bound& bound, const JsonValue& value) {
  if (bound.noun == "character") return characters_of(value.text);
  return bound.noun == "item" ? value.items.size() : value.members.size();
}

std::string bound_in_words(const Bound& bound, const JsonValue& wanted) {
  const std::string words = std::string(bound.words) + " " + shown(wanted);
  if (bound.noun.empty()) return words;
  return words + " " + std::string(bound.noun) + (wanted.text == "1" ? "" : "s");
}

std::string broken_bound(const Bound& bound, const JsonValue& wanted, const JsonValue& value) {
  const std::string words = bound_in_words(bound, wanted);
  if (bound.noun.empty()) return "must be " + words + ", is " + shown(value);
  return "must have " + words + ", has " + std::to_string(count_of(bound, value));
}

std::string pattern_in_words(const JsonValue& pattern) {
  return pattern.text.size() <= kLongestShown && is_ascii(pattern.text)
             ? "match the pattern " + pattern.text
             : "match the pattern of the schema";
}

std::string format_in_words(std::string_view format) {
  if (format == "date") return "a date as 2026-11-23";
  if (format == "time") return "a time as 16:52:45Z";
  return format == "date-time" ? "a date and a time as 2026-11-23T16:52:45Z" : "";
}

}  // namespace

std::string value_in_words(const JsonValue& value) {
  if (value.type == Type::Number) return "the number " + shown(value);
  if (value.type == Type::String && is_short_and_plain(value.text))
    return "the string " + shown(value);
  return shown(value);
}

std::string key_in_words(std::string_view key) {
  return is_short_and_plain(key) ? std::string(key)
                                 : "(a key of " + counted(characters_of(key), "character") + ")";
}

std::string pointer_in_words(std::string_view pointer) {
  std::string words;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view part = pointer.substr(0, pointer.find('/'));
    words += "/" + key_in_words(part);
    pointer.remove_prefix(part.size());
  }
  return words;
}

std::string schema_in_words(const JsonValue& schema) {
  const JsonValue* fixed = schema.member("const");
  if (fixed != nullptr) return shown_choice(*fixed);
  const JsonValue* choices = schema.member("enum");
  if (choices != nullptr) return choices_in_words(*choices);
  const JsonValue* type = schema.member("type");
  std::string words = type == nullptr ? "" : types_in_words(*type);
  const JsonValue* required = schema.member("required");
  if (required != nullptr && !required->items.empty()) {
    std::vector<std::string> keys;
    for (const JsonValue& key : required->items) keys.push_back(shown(key));
    words = (words.empty() ? "a mapping" : words) + " with " + joined(keys, " and ");
  }
  const JsonValue* title = schema.member("title");
  if (title != nullptr && is_short_and_plain(title->text) && !title->text.empty()) {
    return words.empty() ? title->text : words + " (" + title->text + ")";
  }
  const JsonValue* pattern = schema.member("pattern");
  return pattern == nullptr
             ? words
             : (words.empty() ? "a string" : words) + " that must " + pattern_in_words(*pattern);
}

std::string keyword_in_words(std::string_view keyword, const JsonValue& wanted) {
  if (keyword == "format") return format_in_words(wanted.text);
  if (keyword == "uniqueItems") return wanted.text == "true" ? std::string(kNoItemTwice) : "";
  const auto bound = std::ranges::find(kBounds, keyword, &Bound::keyword);
  return bound == std::end(kBounds) ? "" : bound_in_words(*bound, wanted);
}

std::string broken_keyword(std::string_view keyword, const JsonValue& wanted,
                           const JsonValue& value) {
  if (keyword == "type")
    return "must be " + types_in_words(wanted) + ", is " + value_in_words(value);
  if (keyword == "const") return "must be " + shown_choice(wanted) + ", is " + shown(value);
  if (keyword == "enum") {
    return "must be " + choices_in_words(wanted) + ", is " + shown(value) +
           nearest_choice(wanted, value);
  }
  if (keyword == "pattern") return "must " + pattern_in_words(wanted) + ", is " + shown(value);
  if (keyword == "format") {
    const std::string words = format_in_words(wanted.text);
    return "must be " + (words.empty() ? "of the format of the schema" : words) + ", is " +
           value_in_words(value);
  }
  if (keyword == "uniqueItems") return "must have " + std::string(kNoItemTwice);
  const auto bound = std::ranges::find(kBounds, keyword, &Bound::keyword);
  return bound == std::end(kBounds) ? "" : broken_bound(*bound, wanted, value);
}

std::string no_such_key(std::string_view key, const std::vector<std::string_view>& known) {
  const std::string_view near = nearest_word(key, known);
  return near.empty() || !is_short_and_plain(near)
             ? "no such key"
             : "no such key, did you mean \"" + std::string(near) + "\"?";
}

}  // namespace ostler::plugin_host
