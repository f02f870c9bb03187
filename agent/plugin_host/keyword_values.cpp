// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/keyword_values.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "plugin_host/exact_number.hpp"
#include "plugin_host/fault_words.hpp"
#include "plugin_host/schema_parts.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;
using Faults = std::vector<std::string>;

/// What a keyword that holds no schema is followed by.
enum class Shape { Any, Text, Name, Boolean, Number, Divisor, Count, List, Choices, Types, Texts };

constexpr std::pair<std::string_view, Shape> kShapes[] = {
    {"$comment", Shape::Text},
    {"$id", Shape::Text},
    {"$ref", Shape::Text},
    {"$schema", Shape::Text},
    {"const", Shape::Any},
    {"contentEncoding", Shape::Text},
    {"contentMediaType", Shape::Text},
    {"default", Shape::Any},
    {"description", Shape::Text},
    {"enum", Shape::Choices},
    {"examples", Shape::List},
    {"exclusiveMaximum", Shape::Number},
    {"exclusiveMinimum", Shape::Number},
    {"format", Shape::Name},
    {"maxItems", Shape::Count},
    {"maxLength", Shape::Count},
    {"maxProperties", Shape::Count},
    {"maximum", Shape::Number},
    {"minItems", Shape::Count},
    {"minLength", Shape::Count},
    {"minProperties", Shape::Count},
    {"minimum", Shape::Number},
    {"multipleOf", Shape::Divisor},
    {"pattern", Shape::Text},
    {"readOnly", Shape::Boolean},
    {"required", Shape::Texts},
    {"title", Shape::Text},
    {"type", Shape::Types},
    {"uniqueItems", Shape::Boolean},
    {"writeOnly", Shape::Boolean},
};

constexpr std::string_view kTypes[] = {"array",  "boolean", "integer", "null",
                                       "number", "object",  "string"};

bool is_type_name(const JsonValue& value) {
  return value.type == Type::String && std::ranges::find(kTypes, value.text) != std::end(kTypes);
}

/// The library counts in 64 bits.
bool is_count(const JsonValue& value) {
  return value.type == Type::Number && ExactNumber(value.text).as_int64().value_or(-1) >= 0;
}

/// The library divides whole numbers of 64 bits, by whatever is there.
bool is_divisor(const JsonValue& value) {
  constexpr double kEndOfWhole = 9223372036854775808.0;
  const double divisor = std::strtod(value.text.c_str(), nullptr);
  return value.type == Type::Number && divisor > 0 && divisor < kEndOfWhole;
}

class ValueCheck {
 public:
  explicit ValueCheck(Faults& faults) : faults_(faults) {}

  void check(Holds holds, const JsonValue& value, const std::string& where) {
    const bool is_list = value.type == Type::Array;
    switch (holds) {
      case Holds::Value: return;
      case Holds::Schema: return check_schema_at(value, where);
      case Holds::SchemaOrList:
        return is_list ? check_items(value, where) : check_schema_at(value, where);
      case Holds::SchemaList:
        expect(is_list && !value.items.empty(), "a list of at least one schema", value, where);
        return check_items(value, where);
      case Holds::SchemaMap:
      case Holds::SchemaOrNamesMap:
        expect(value.type == Type::Object, "a mapping of names to schemas", value, where);
        return check_members(value, where, holds == Holds::SchemaOrNamesMap);
    }
  }
  void check(Shape shape, const JsonValue& value, const std::string& where) {
    const Type type = value.type;
    const bool has_items = type == Type::Array && !value.items.empty();
    switch (shape) {
      case Shape::Any: return;
      case Shape::Text: return expect(type == Type::String, "a string", value, where);
      case Shape::Name:
        return expect(type == Type::String && !value.text.empty(), "a name", value, where);
      case Shape::Boolean: return expect(type == Type::Boolean, "true or false", value, where);
      case Shape::Number: return expect(type == Type::Number, "a number", value, where);
      case Shape::Divisor:
        return expect(is_divisor(value), "a number above 0 and below 2^63", value, where);
      case Shape::Count:
        return expect(is_count(value), "a whole number from 0 on, below 2^63", value, where);
      case Shape::List: return expect(type == Type::Array, "a list", value, where);
      case Shape::Choices: return expect(has_items, "a list of at least one value", value, where);
      case Shape::Types: return check_types(value, where);
      case Shape::Texts: return check_texts(value, where);
    }
  }

 private:
  void expect(bool fits, const std::string& words, const JsonValue& value,
              const std::string& where) {
    if (!fits) faults_.push_back(where + ": must be " + words + ", is " + value_in_words(value));
  }
  void check_schema_at(const JsonValue& value, const std::string& where) {
    expect(is_schema(value), "a schema", value, where);
  }
  void check_items(const JsonValue& list, const std::string& where) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      check_schema_at(list.items[i], where + "/" + std::to_string(i));
    }
  }
  void check_members(const JsonValue& map, const std::string& where, bool has_names) {
    for (const auto& [name, part] : map.members) {
      const std::string place = where + "/" + pointer_part(name);
      if (has_names && part.type == Type::Array) {
        check_texts(part, place);
      } else {
        expect(is_schema(part), has_names ? "a schema or a list of names" : "a schema", part,
               place);
      }
    }
  }
  void check_texts(const JsonValue& list, const std::string& where) {
    expect(list.type == Type::Array, "a list of names", list, where);
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      const JsonValue& item = list.items[i];
      expect(item.type == Type::String, "a string", item, where + "/" + std::to_string(i));
    }
  }
  void check_types(const JsonValue& value, const std::string& where) {
    if (value.type != Type::Array) return check_type(value, where);
    expect(!value.items.empty(), "a type or a list of some", value, where);
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      check_type(value.items[i], where + "/" + std::to_string(i));
    }
  }
  void check_type(const JsonValue& value, const std::string& where) {
    if (is_type_name(value)) return;
    JsonValue choices{.type = Type::Array};
    for (const std::string_view type : kTypes) {
      choices.items.push_back({.type = Type::String, .text = std::string(type)});
    }
    faults_.push_back(where + ": " + broken_keyword("enum", choices, value));
  }

  Faults& faults_;
};

}  // namespace

bool check_keyword_value(std::string_view keyword, const JsonValue& value, const std::string& where,
                         Faults& faults) {
  const std::size_t before = faults.size();
  ValueCheck check(faults);
  const auto shape =
      std::ranges::find(kShapes, keyword, &std::pair<std::string_view, Shape>::first);
  if (shape != std::end(kShapes)) {
    check.check(shape->second, value, where);
  } else {
    check.check(keyword_holds(keyword).value_or(Holds::Value), value, where);
  }
  return faults.size() == before;
}

bool is_type_keyword(const JsonValue& value) {
  if (value.type != Type::Array) return is_type_name(value);
  return !value.items.empty() && std::ranges::all_of(value.items, is_type_name);
}

}  // namespace ostler::plugin_host
