// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/config_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/plugin_host/schema_texts.hpp"

namespace ostler::plugin_host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kServers = R"({
  "type": "object", "additionalProperties": false, "required": ["servers"],
  "definitions": {"server": {"type": "object", "properties": {
      "host": {"type": "string", "pattern": "^[a-z.]+$"},
      "port": {"type": "integer", "minimum": 1, "maximum": 65535, "default": 80}}}},
  "properties": {
    "servers": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/server"}},
    "mode": {"enum": ["fast", "safe"], "default": "safe"}}})";

TEST(ConfigSchema, FillsDefaultsInAlsoBelowReferencesAndInArrays) {
  EXPECT_THAT(schema_faults(kServers), IsEmpty());
  EXPECT_EQ(completed(kServers, R"({"servers": [{"host": "a.b"}, {"port": 8080}]})"),
            R"({"mode":"safe","servers":[{"host":"a.b","port":80},{"port":8080}]})");
}

TEST(ConfigSchema, NamesThePlaceOfAFaultInOneLine) {
  const auto said = completed(kServers, R"({"servers": [{}, {"port": 0}]})");
  EXPECT_THAT(said, HasSubstr("configuration: /servers/1/port: "));
  EXPECT_EQ(said.find('\n'), said.npos);
  EXPECT_THAT(completed(kServers, R"({"servers": [{}], "mode": "slow"})"), HasSubstr("/mode"));
  EXPECT_THAT(completed(kServers, R"({"servers": [{"host": "A"}]})"), HasSubstr("/servers/0/host"));
  EXPECT_THAT(completed(kServers, R"({"servers": [{}], "more": 1})"), HasSubstr("more"));
  EXPECT_THAT(completed(kServers, "{}"), HasSubstr("servers"));
}

TEST(ConfigSchema, KnowsTheConditionsOfDraftSeven) {
  constexpr std::string_view kIf = R"({"if": {"properties": {"a": {"const": 1}}, "required": ["a"]},
    "then": {"required": ["b"]}, "else": {"required": ["c"]}})";
  EXPECT_THAT(schema_faults(kIf), IsEmpty());
  EXPECT_EQ(completed(kIf, R"({"a": 1, "b": 2})"), R"({"a":1,"b":2})");
  EXPECT_THAT(completed(kIf, R"({"a": 1})"), HasSubstr("configuration"));
  EXPECT_THAT(completed(kIf, R"({"a": 2})"), HasSubstr("configuration"));
}

TEST(ConfigSchema, RefusesKeywordsThatItWouldNotCheck) {
  EXPECT_THAT(schema_faults(R"({"properties": {"a": {"typo": 1, "minimun": 2}}})"),
              ElementsAre(HasSubstr("configuration/properties/a/minimun: "),
                          HasSubstr("configuration/properties/a/typo: ")));
  EXPECT_THAT(schema_faults(R"({"unevaluatedProperties": false})"),
              ElementsAre(HasSubstr("draft-07")));
  EXPECT_THAT(schema_faults(R"({"properties": {"title": {}, "typo": {"type": "string"}}})"),
              IsEmpty());
}

TEST(ConfigSchema, TakesTheNotesOfDraftSeven) {
  EXPECT_THAT(schema_faults(R"({"properties": {"a": {"type": "string", "format": "hostname",
    "readOnly": true, "writeOnly": false, "contentEncoding": "base64", "title": "t",
    "contentMediaType": "text/plain", "$comment": "c", "examples": ["a"], "default": "b"}}})"),
              IsEmpty());
}

TEST(ConfigSchema, ChecksTheFormatsOfDates) {
  constexpr std::string_view kDay = R"({"properties": {"day": {"format": "date"}}})";
  EXPECT_EQ(completed(kDay, R"({"day": "2026-11-23"})"), R"({"day":"2026-11-23"})");
  EXPECT_THAT(completed(kDay, R"({"day": "tomorrow"})"), HasSubstr("/day"));
}

TEST(ConfigSchema, RefersToNothingOutside) {
  EXPECT_THAT(schema_faults(R"({"$ref": "http://example.com/a.json"})"),
              ElementsAre(HasSubstr("only what is in this schema")));
}

TEST(ConfigSchema, RefusesWhatIsNoSchema) {
  EXPECT_THAT(schema_faults(R"({"type": "strin"})"), testing::SizeIs(1));
}

TEST(ConfigSchema, IsOneOfAMapping) {
  for (const char* other :
       {R"({"type": "array"})", R"({"type": ["string", "null"]})",
        R"({"$ref": "#/definitions/a", "definitions": {"a": {"type": "string"}}})"}) {
    EXPECT_THAT(schema_faults(other), ElementsAre(HasSubstr("\"type\" must be \"object\"")))
        << other;
  }
  for (const char* fine : {"{}", R"({"type": "object"})", R"({"type": ["null", "object"]})"}) {
    EXPECT_THAT(schema_faults(fine), IsEmpty()) << fine;
  }
}

TEST(ConfigSchema, IsOfNoOtherDraft) {
  for (const char* other : {"https://json-schema.org/draft/2020-12/schema",
                            "http://json-schema.org/draft-04/schema#", ""}) {
    EXPECT_THAT(schema_faults(std::string(R"({"$schema": ")") + other + "\"}"),
                ElementsAre(HasSubstr("configuration/$schema: must be \"http://json-schema.org/"
                                      "draft-07/schema#\"")))
        << other;
  }
  EXPECT_THAT(schema_faults(R"({"$schema": "http://json-schema.org/draft-07/schema#"})"),
              IsEmpty());
  EXPECT_THAT(schema_faults(R"({"$schema": "https://json-schema.org/draft-07/schema"})"),
              IsEmpty());
}

TEST(ConfigSchema, RefusesOneThatRefersToItselfWithoutEnd) {
  for (const char* endless :
       {R"({"$ref": "#"})", R"({"allOf": [{"$ref": "#"}]})",
        R"({"anyOf": [{"type": "string"}, {"not": {"$ref": "#"}}]})",
        R"({"if": {"oneOf": [{"$ref": "#"}]}})", R"({"dependencies": {"a": {"$ref": "#"}}})"}) {
    EXPECT_THAT(schema_faults(endless), ElementsAre(HasSubstr("refers to itself without end")))
        << endless;
  }
  EXPECT_THAT(schema_faults(R"({"properties": {"a": {"$ref": "#/definitions/b"}}, "definitions": {
                  "b": {"$ref": "#/definitions/c"}, "c": {"allOf": [{"$ref": "#/definitions/b"}]}}})"),
              ElementsAre(HasSubstr("configuration/definitions/b: refers")));
  for (const char* fine :
       {R"({"properties": {"a": {"$ref": "#"}}, "items": {"anyOf": [{"$ref": "#"}]}})",
        R"({"allOf": [{"$ref": "#/definitions/a"}, {"$ref": "#/definitions/a"}],
            "definitions": {"a": {"additionalProperties": {"$ref": "#"}}}})",
        R"({"properties": {"not": {"$ref": "#"}, "$ref": {"type": "string"},
                           "a": {"default": {"$ref": "#"}}}})"}) {
    EXPECT_THAT(schema_faults(fine), IsEmpty()) << fine;
  }
}

TEST(ConfigSchema, TellsAPropertyFromTheKeywordOfThatName) {
  for (const char* name : {"const", "default", "enum", "examples", "if", "properties"}) {
    const std::string property(name);
    const std::string place = "#/properties/" + property;
    for (const std::string& endless :
         {R"({"$ref": ")" + place + R"("})", R"({"allOf": [{"$ref": ")" + place + R"("}]})"}) {
      EXPECT_THAT(schema_faults(R"({"type": "object", "properties": {")" + property +
                                "\": " + endless + "}}"),
                  ElementsAre(HasSubstr("refers to itself without end")))
          << endless;
    }
    EXPECT_THAT(schema_faults(R"({"properties": {")" + property + R"(": {"minimun": 1}}})"),
                ElementsAre(HasSubstr("properties/" + property + "/minimun: no keyword")));
  }
}

TEST(ConfigSchema, RefersToSchemasOnly) {
  for (const char* nowhere :
       {"#/default", "#/enum/0", "#/properties", "#/properties/", "#/properties//default",
        "#/properties/%64efault", "#/definitions/list", "#/items/00", "#default", "#/missing"}) {
    EXPECT_THAT(schema_faults(std::string(R"({"default": {"$ref": "#/default"}, "enum": [{}],
                    "properties": {"default": {"type": "string"}, "": {}, "a": {"$ref": ")") +
                              nowhere + R"("}}, "items": [{}], "definitions": {"list": []}})"),
                testing::Contains(HasSubstr("properties/a/$ref: leads to no schema")))
        << nowhere;
  }
  EXPECT_THAT(schema_faults(R"({"properties": {"default": {"$ref": "#/items/0"}, "b": {"$ref":
                  "#/properties/default"}, "c": {"$ref": "#/definitions/a~1b"}},
                  "items": [{}], "definitions": {"a/b": true}})"),
              IsEmpty());
}

/// Definitions of which each leads to the next by `link`, with "NEXT" for the next.
std::string chain(int length, std::string_view link) {
  std::string definitions;
  for (int i = 0; i < length; ++i) {
    std::string part(link);
    const std::string next = R"({"$ref": "#/definitions/d)" + std::to_string(i + 1) + R"("})";
    for (std::size_t at = 0; (at = part.find("NEXT")) != part.npos;) part.replace(at, 4, next);
    definitions += "\"d" + std::to_string(i) + "\": " + part + ", ";
  }
  return R"({"$ref": "#/definitions/d0", "definitions": {)" + definitions + "\"d" +
         std::to_string(length) + R"(": {"type": ["integer", "object"]}}})";
}

TEST(ConfigSchema, SurvivesSchemasThatLeadToEachOtherWithoutAnEndInSight) {
  EXPECT_THAT(schema_faults(chain(3'000, R"({"properties": {"a": NEXT}})")),
              ElementsAre(HasSubstr("too many schemas lead to each other")));
  const std::string fine = chain(20, R"({"properties": {"a": NEXT}})");
  EXPECT_THAT(schema_faults(fine), IsEmpty());
  EXPECT_EQ(completed(fine, R"({"a": {"a": {}}})"), R"({"a":{"a":{}}})");
  // Each level of the value is held against many schemas within each other.
  std::string value = "7";
  for (int i = 0; i < 60; ++i) value = R"({"a": )" + value + "}";
  const std::string deep = chain(150, R"({"allOf": [NEXT]})");
  const std::string again =
      deep.substr(0, deep.rfind(R"({"type")")) + R"({"properties": {"a": {"$ref": "#"}}}}})";
  EXPECT_THAT(completed(again, value), HasSubstr("too many schemas lead to each other"));
}

TEST(ConfigSchema, EndsWhereTheWaysToAValueAreCountless) {
  for (const char* link : {R"({"anyOf": [NEXT, NEXT]})", R"({"allOf": [NEXT, NEXT]})"}) {
    const std::string schema = chain(40, link);
    EXPECT_THAT(schema_faults(schema), IsEmpty());
    EXPECT_THAT(completed(schema, R"("a")"), HasSubstr("configuration"));
  }
  std::string items = "[{}";
  for (int i = 0; i < 20'000; ++i) items += ",{}";
  EXPECT_THAT(completed(R"({"properties": {"l": {"items": {"properties": {"a": {"default": ")" +
                            std::string(100'000, 'x') + R"("}}}}}})",
                        R"({"l": )" + items + "]}"),
              HasSubstr("too many values for the properties and defaults"));
  EXPECT_THAT(
      completed(R"({"properties": {"l": {"uniqueItems": true}}})", R"({"l": )" + items + "]}"),
      HasSubstr("/l"));
}

TEST(ConfigSchema, FillsAsManyAsThereAreValuesAndNotWithoutEnd) {
  constexpr std::string_view kNumbers = R"({"properties": {"l": {"items": {"minimum": 0}}}})";
  std::string config = R"({"l":[0)";
  for (int i = 0; i < 150'000; ++i) config += ",0";
  EXPECT_EQ(completed(kNumbers, config + "]}"), config + "]}");
  std::string properties;
  std::string objects;
  for (int i = 0; i < 1'000; ++i) {
    properties += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":{}";
    objects += i == 0 ? "{}" : ",{}";
  }
  const auto filled = [&](const char* more) {
    return completed(R"({"items": {"properties": {)" + properties + more + "}}}",
                     "[" + objects + "]");
  };
  EXPECT_THAT(filled(R"(,"x":{"default":1})"), HasSubstr("too many values for the properties"))
      << "each is looked for in each";
  EXPECT_THAT(filled(""), HasSubstr("takes too long to judge"))
      << "there is no default to look for";
}

TEST(ConfigSchema, ComparesOnlyAsManyItemsAsItHasTimeFor) {
  std::string items = "[0";
  for (int i = 1; i < 20'000; ++i) items += "," + std::to_string(i);
  EXPECT_THAT(
      completed(R"({"properties": {"l": {"uniqueItems": true}}})", R"({"l": )" + items + "]}"),
      HasSubstr("takes too long"));
}

TEST(ConfigSchema, SearchesALongTextInTime) {
  const std::string text = "\"" + std::string(60'000, 'a');
  for (const char* pattern : {"^(a|b)*$", "^(a+)+$", "(a*)*c|a$"}) {
    const std::string schema =
        std::string(R"({"properties": {"t": {"pattern": ")") + pattern + R"("}}})";
    EXPECT_THAT(schema_faults(schema), IsEmpty());
    EXPECT_THAT(completed(schema, R"({"t": )" + text + "\"}"), HasSubstr("aaa\"}")) << pattern;
    EXPECT_THAT(completed(schema, R"({"t": )" + text + "!\"}"), HasSubstr("/t")) << pattern;
  }
  const std::string keys = R"({"patternProperties": {"^(a|b)*$": {"type": "integer"}},
                               "additionalProperties": false})";
  EXPECT_THAT(completed(keys, "{" + text + "\": 1}"), HasSubstr("aaa\":1}"));
  EXPECT_THAT(completed(keys, "{" + text + "!\": 1}"), HasSubstr("no such key"));
  EXPECT_THAT(completed(R"({"propertyNames": {"pattern": "^(a|b)*$"}})", "{" + text + "!\": 1}"),
              HasSubstr("match the pattern"));
  EXPECT_THAT(completed(R"({"properties": {"t": {"pattern": "^a*$"}}})",
                        R"({"t": )" + text + text.substr(1) + "\"}"),
              HasSubstr("too long for a regex"));
  EXPECT_THAT(completed(R"({"properties": {"t": {"format": "date"}}})",
                        R"({"t": ")" + std::string(900'000, '1') + "\"}"),
              HasSubstr("/t"));
}

TEST(ConfigSchema, RefusesNumbersThatCannotDivide) {
  for (const char* divisor : {"0", "-1", "0.0", "1e-400", "9223372036854775808",
                              "18446744073709551615", "\"2\"", "true"}) {
    EXPECT_THAT(schema_faults(std::string(R"({"items": {"multipleOf": )") + divisor + "}}"),
                ElementsAre(HasSubstr("configuration/items/multipleOf: must be")))
        << divisor;
  }
  constexpr std::string_view kEven = R"({"properties": {"a": {"multipleOf": 2}}})";
  EXPECT_THAT(schema_faults(kEven), IsEmpty());
  EXPECT_THAT(completed(kEven, R"({"a": -9223372036854775808})"), HasSubstr("-92233"));
  EXPECT_THAT(completed(kEven, R"({"a": -9223372036854775807})"), HasSubstr("a multiple of 2"));
}

TEST(ConfigSchema, SurvivesANumberBeyondAllBounds) {
  JsonValue config{.type = JsonValue::Type::Object};
  config.add_member("a", {.type = JsonValue::Type::Number, .text = "1e999"});
  const auto done = complete_config(
      parse_json(R"({"properties": {"a": {"type": "number"}}})").value(), std::move(config));
  EXPECT_THAT(done.error().message(), HasSubstr("has a number beyond all bounds"));
}

TEST(ConfigSchema, RefusesPatternsThatCannotBeUsed) {
  EXPECT_THAT(schema_faults(R"j({"properties": {"a": {"pattern": "^(?!b)"}},
                             "patternProperties": {"(a)\\1": {}, "^b$": {}}})j"),
              ElementsAre(HasSubstr("patternProperties/(a)\\1: the regex cannot be used"),
                          HasSubstr("properties/a/pattern: the regex cannot be used")));
}

TEST(ConfigSchema, EndsOnASchemaThatRefersToItself) {
  constexpr std::string_view kTree = R"({"definitions": {"node": {"properties": {
    "next": {"$ref": "#/definitions/node"}, "weight": {"default": 1}}}},
    "$ref": "#/definitions/node"})";
  EXPECT_EQ(completed(kTree, R"({"next": {}})"), R"({"next":{"weight":1},"weight":1})");
}

TEST(ConfigSchema, TakesNoConfigurationWithoutASchema) {
  EXPECT_EQ(canonical_json(complete_config(std::nullopt, {}).value()), "{}");
  EXPECT_THAT(complete_config(std::nullopt, parse_json(R"({"a": 1})").value()).error().message(),
              HasSubstr("takes none"));
}

TEST(ConfigSchema, ListsItsPropertiesForPeople) {
  const auto list = properties_of(parse_json(kServers).value());
  ASSERT_EQ(list.size(), 4u);
  EXPECT_EQ(list[0].path, "mode");
  EXPECT_EQ(list[0].type, R"(one of "fast", "safe")");
  EXPECT_EQ(list[1].path, "servers");
  EXPECT_TRUE(list[1].is_required);
  EXPECT_EQ(list[3].path, "servers[].port");
  EXPECT_EQ(list[3].standard, "80");
}

}  // namespace
}  // namespace ostler::plugin_host
