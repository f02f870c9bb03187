// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/schema_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin_host/config_schema.hpp"

namespace ostler::plugin_host {
namespace {

using testing::HasSubstr;

TEST(SchemaRules, AreTheWordsOfAProperty) {
  const auto schema = parse_json(R"j({
    "definitions": {"port": {"type": "integer", "minimum": 1, "maximum": 65535}},
    "oneOf": [{"required": ["host"]}, {"required": ["url"]}],
    "properties": {
      "a-port": {"$ref": "#/definitions/port"},
      "b-share": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
      "c-name": {"type": "string", "minLength": 1, "maxLength": 63, "pattern": "^[a-z]+$"},
      "d-either": {"oneOf": [{"$ref": "#/definitions/port"}, {"enum": ["auto"]}]},
      "e-any": {"anyOf": [{"type": "string"}, {"type": "null"}], "not": {"const": ""}},
      "f-days": {"type": "array", "minItems": 1, "uniqueItems": true,
                 "items": {"type": "string", "format": "date"}},
      "g-even": {"allOf": [{"type": "integer", "multipleOf": 2}, {"minimum": 0}]},
      "h-kind": {"const": "fast"},
      "i-free": {"type": "string", "format": "email", "uniqueItems": false}
    }})j")
                          .value();
  std::string listed;
  for (const Property& property : properties_of(schema)) {
    listed += property.path + " | " + property.type + " | " + property.rules + "\n";
  }
  EXPECT_EQ(listed, R"(a-port | integer | at least 1, at most 65535
b-share | number | more than 0, less than 1
c-name | string | at least 1 character, at most 63 characters, must match the pattern ^[a-z]+$
d-either | any | only one of: a whole number (at least 1, at most 65535) or "auto"
e-any | any | one of: a string or null, not ""
f-days | array | at least 1 item, no item twice
f-days[] | string | a date as 2026-11-23
g-even | any | a multiple of 2, at least 0
h-kind | "fast" |)"
                    " \n"
                    "i-free | string | \n");
  EXPECT_EQ(rules_in_words(schema, schema),
            R"(only one of: a mapping with "host" or a mapping with "url")");
}

TEST(SchemaRules, EndWhereASchemaRefersToItself) {
  const auto schema = parse_json(R"({"definitions": {"a": {"anyOf": [{"$ref": "#/definitions/a"}],
      "allOf": [{"$ref": "#/definitions/a"}, {"$ref": "#/definitions/a"}], "minimum": 1}},
      "properties": {"a": {"$ref": "#/definitions/a"}}})")
                          .value();
  EXPECT_THAT(properties_of(schema).front().rules, HasSubstr("at least 1"));
}

TEST(SchemaRules, EndWhereManyPartsLeadToMany) {
  std::string text = R"({"minimum": 1, "definitions": {"d8": {"maximum": 7})";
  for (int i = 0; i < 8; ++i) {
    const std::string next = R"({"$ref": "#/definitions/d)" + std::to_string(i + 1) + "\"}";
    text += ", \"d" + std::to_string(i) + R"(": {"allOf": [)" + next;
    for (int part = 1; part < 100; ++part) text += "," + next;
    text += "]}";
  }
  const auto schema = parse_json(text + R"(}, "allOf": [{"$ref": "#/definitions/d0"}]})").value();
  EXPECT_EQ(rules_in_words(schema, schema), "at least 1, at most 7");
}

TEST(SchemaRules, AreListedOfSoManyPropertiesAndNoMore) {
  const auto schema = parse_json(R"({"properties": {
      "a": {"minimum": 1}, "b": {}, "c": {}, "d": {"items": {"type": "string"}},
      "e": {"$ref": "#"}, "f": {"$ref": "#"}, "g": {"$ref": "#"}, "h": {"$ref": "#"},
      "i": {"$ref": "#"}, "j": {"$ref": "#"}, "k": {"$ref": "#"},
      "l": {"items": {"type": "string"}}}})")
                          .value();
  EXPECT_EQ(properties_of(schema).size(), 1'000U);
}

}  // namespace
}  // namespace ostler::plugin_host
