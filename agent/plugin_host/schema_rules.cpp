// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/schema_rules.hpp"

#include <utility>
#include <vector>

#include "base/joined.hpp"
#include "plugin_host/certain_schemas.hpp"
#include "plugin_host/fault_words.hpp"
#include "plugin_host/schema_library.hpp"

namespace ostler::plugin_host {
namespace {

using Words = std::vector<std::string>;

constexpr std::string_view kBounding[] = {
    "minimum",       "exclusiveMinimum", "maximum",    "exclusiveMaximum", "multipleOf",
    "minLength",     "maxLength",        "format",     "minItems",         "maxItems",
    "minProperties", "maxProperties",    "uniqueItems"};
constexpr std::size_t kMostRules = 50;
constexpr int kMostLooks = 1'000;  ///< at schemas of allOf

void add_bounds(const JsonValue& schema, Words& rules) {
  for (const std::string_view keyword : kBounding) {
    const JsonValue* wanted = schema.member(keyword);
    std::string words = wanted == nullptr ? "" : keyword_in_words(keyword, *wanted);
    if (!words.empty()) rules.push_back(std::move(words));
  }
}

std::string alternative_in_words(const JsonValue& schema) {
  const std::string words = schema_in_words(schema);
  Words limits;
  add_bounds(schema, limits);
  if (words.empty() || limits.empty()) return words + joined(limits, ", ");
  return words + " (" + joined(limits, ", ") + ")";
}

void add_rules(const JsonValue& root, const JsonValue& schema, Words& rules) {
  add_bounds(schema, rules);
  if (const JsonValue* pattern = schema.member("pattern")) {
    rules.push_back("must match the pattern " + pattern->text);
  }
  if (const JsonValue* any = schema.member("anyOf")) {
    rules.push_back("one of: " + alternatives_in_words(root, *any, " or "));
  }
  if (const JsonValue* one = schema.member("oneOf")) {
    rules.push_back("only one of: " + alternatives_in_words(root, *one, " or "));
  }
  if (const JsonValue* no = schema.member("not")) {
    rules.push_back("not " + alternative_in_words(resolved_schema(root, *no)));
  }
}

}  // namespace

std::string alternatives_in_words(const JsonValue& root, const JsonValue& choices,
                                  std::string_view separator) {
  Words words;
  for (const JsonValue& choice : choices.items) {
    words.push_back(alternative_in_words(resolved_schema(root, choice)));
    if (words.back().empty()) words.back() = "alternative " + std::to_string(words.size());
  }
  return joined(words, separator);
}

std::string rules_in_words(const JsonValue& root, const JsonValue& schema) {
  Words rules;
  for (const JsonValue* part : CertainSchemas(root, kMostLooks).all_of({&schema})) {
    if (rules.size() < kMostRules) add_rules(root, *part, rules);
  }
  return joined(rules, ", ");
}

}  // namespace ostler::plugin_host
