// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/keyword_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "plugin_host/schema_parts.hpp"
#include "unit/plugin_host/schema_texts.hpp"

namespace ostler::plugin_host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// One keyword, two levels deep.
std::vector<std::string> keyword_faults(const std::string& keyword, const std::string& value) {
  return schema_faults(R"({"properties": {"a": {"items": {")" + keyword + "\": " + value + "}}}}");
}

struct Values {
  std::vector<std::string> right;
  std::vector<std::pair<std::string, std::string>> wrong;  ///< with what is said of it
};

const Values kText = {{"\"\""}, {{"1", "must be a string, is the number 1"}, {"null", "is null"}}};
const Values kBoolean = {{"true", "false"}, {{"\"true\"", "must be true or false"}}};
const Values kNumber = {{"-1", "0.5", "1e3"}, {{"\"1\"", "must be a number, is the string"}}};
const Values kCount = {{"0", "3"},
                       {{"-1", "must be a whole number from 0 on, below 2^63, is the number -1"},
                        {"1.5", "must be a whole number"},
                        {"9223372036854775808", "must be a whole number"},
                        {"\"x\"", "must be a whole number"}}};
const Values kSchema = {{"{}", "true"}, {{"1", "must be a schema, is the number 1"}}};
const Values kSchemas = {{"[{}, true]"},
                         {{"[]", "must be a list of at least one schema"},
                          {"{}", "must be a list of at least one schema, is a mapping"},
                          {"[{}, 1]", "/1: must be a schema"}}};
const Values kMap = {{"{}", R"({"a": true})"},
                     {{"[]", "must be a mapping of names to schemas, is a list"},
                      {R"({"a/b": "x"})", "/a~1b: must be a schema"}}};
const Values kAny = {{"null", "{}"}, {}};

const std::map<std::string, Values> kKeywords = {
    {"$comment", kText},
    {"$id", {{}, {{"1", "must be a string"}}}},
    {"$ref", {{"\"#\""}, {{"1", "must be a string"}}}},
    {"$schema", {{"\"http://json-schema.org/draft-07/schema#\""}, {{"7", "must be a string"}}}},
    {"additionalItems", kSchema},
    {"additionalProperties", kSchema},
    {"allOf", kSchemas},
    {"anyOf", kSchemas},
    {"const", kAny},
    {"contains", kSchema},
    {"contentEncoding", kText},
    {"contentMediaType", kText},
    {"default", kAny},
    {"definitions", kMap},
    {"dependencies",
     {{R"({"a": ["b"], "c": {}})"},
      {{"1", "must be a mapping"},
       {R"({"a": "b"})", "/a: must be a schema or a list of names"},
       {R"({"a": ["b", 1]})", "/a/1: must be a string"}}}},
    {"description", kText},
    {"else", kSchema},
    {"enum", {{"[null]"}, {{"1", "must be a list of at least one value"}, {"[]", "is a list"}}}},
    {"examples", {{"[]"}, {{"{}", "must be a list, is a mapping"}}}},
    {"exclusiveMaximum", kNumber},
    {"exclusiveMinimum", kNumber},
    {"format", {{"\"date\"", "\"other\""}, {{"1", "must be a name"}, {"\"\"", "must be a name"}}}},
    {"if", kSchema},
    {"items", {{"{}", "[{}]"}, {{"1", "must be a schema"}, {"[1]", "/0: must be a schema"}}}},
    {"maxItems", kCount},
    {"maxLength", kCount},
    {"maxProperties", kCount},
    {"maximum", kNumber},
    {"minItems", kCount},
    {"minLength", kCount},
    {"minProperties", kCount},
    {"minimum", kNumber},
    {"multipleOf", {{"2", "0.5"}, {{"0", "must be a number above 0"}, {"\"2\"", "must be a"}}}},
    {"not", kSchema},
    {"oneOf", kSchemas},
    {"pattern", kText},
    {"patternProperties", kMap},
    {"properties", kMap},
    {"propertyNames", kSchema},
    {"readOnly", kBoolean},
    {"required",
     {{"[]", "[\"a\"]"}, {{"\"x\"", "must be a list of names"}, {"[1]", "/0: must be a string"}}}},
    {"then", kSchema},
    {"title", kText},
    {"type",
     {{"\"null\"", R"(["string", "integer"])"},
      {{"\"objekt\"", "is \"objekt\"; did you mean \"object\"?"},
       {"7", "must be one of \"array\", \"boolean\""},
       {"[]", "must be a type or a list of some"},
       {R"(["string", "int"])", "/1: must be one of"}}}},
    {"uniqueItems", kBoolean},
    {"writeOnly", kBoolean},
};

TEST(KeywordValues, AreKnownOfEveryKeyword) {
  for (const std::string_view keyword : keyword_names()) {
    EXPECT_TRUE(kKeywords.contains(std::string(keyword))) << keyword;
  }
}

TEST(KeywordValues, AreTakenWhereTheyFit) {
  for (const auto& [keyword, values] : kKeywords) {
    for (const std::string& right : values.right) {
      EXPECT_THAT(keyword_faults(keyword, right), IsEmpty()) << keyword << " " << right;
    }
  }
}

TEST(KeywordValues, AreNamedByTheirPlaceWhereTheyDoNot) {
  for (const auto& [keyword, values] : kKeywords) {
    for (const auto& [wrong, said] : values.wrong) {
      EXPECT_THAT(
          keyword_faults(keyword, wrong),
          ElementsAre(testing::AllOf(
              testing::StartsWith("configuration/properties/a/items/" + keyword), HasSubstr(said))))
          << keyword << " " << wrong;
    }
  }
}

TEST(KeywordValues, AreNamedAllAtOnce) {
  EXPECT_THAT(schema_faults(R"({"type": "objekt", "required": "x", "properties": {
                  "a": {"minLength": -1, "items": {"minLength": "x", "typo": 1}}}})"),
              ElementsAre(HasSubstr("configuration/required: "), HasSubstr("configuration/type: "),
                          HasSubstr("configuration/properties/a/minLength: "),
                          HasSubstr("configuration/properties/a/items/minLength: "),
                          HasSubstr("configuration/properties/a/items/typo: ")));
}

}  // namespace
}  // namespace ostler::plugin_host
