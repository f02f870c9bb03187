// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/config_defaults.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/plugin_host/schema_texts.hpp"

namespace ostler::plugin_host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// completed() of a schema without a fault.
std::string with_defaults(std::string_view schema, std::string_view config) {
  EXPECT_THAT(schema_faults(schema), IsEmpty()) << schema;
  return completed(schema, config);
}

TEST(ConfigDefaults, AreFilledIntoDefaults) {
  constexpr std::string_view kRetry = R"({"type": "object", "properties": {"retry": {
    "type": "object", "default": {}, "required": ["attempts"],
    "properties": {"attempts": {"type": "integer", "default": 3}}}}})";
  EXPECT_EQ(with_defaults(kRetry, "{}"), R"({"retry":{"attempts":3}})");
  EXPECT_EQ(with_defaults(kRetry, R"({"retry": {"attempts": 1}})"), R"({"retry":{"attempts":1}})");
  EXPECT_EQ(with_defaults(R"({"properties": {"list": {"default": [{}, {"a": 2}],
                          "items": {"properties": {"a": {"default": 1}}}}}})",
                          "{}"),
            R"({"list":[{"a":1},{"a":2}]})");
}

TEST(ConfigDefaults, AreFilledIntoMembersOfAnyName) {
  constexpr std::string_view kMaps = R"({"properties": {"servers": {
    "patternProperties": {"^web": {"properties": {"port": {"default": 80}}}},
    "additionalProperties": {"properties": {"port": {"default": 22}}},
    "properties": {"db": {"properties": {"port": {"default": 5432}}}}}}})";
  EXPECT_EQ(
      with_defaults(kMaps, R"({"servers": {"web-1": {}, "jump": {}, "db": {}, "old": {"port": 1},
                                              "none": 7}})"),
      R"({"servers":{"db":{"port":5432},"jump":{"port":22},"none":7,"old":{"port":1},)"
      R"("web-1":{"port":80}}})");
  EXPECT_EQ(with_defaults(kMaps, R"({"servers": {}})"), R"({"servers":{}})");
}

TEST(ConfigDefaults, AreFilledIntoTheItemsOfTuples) {
  EXPECT_EQ(with_defaults(R"({"properties": {"pair": {
                          "items": [{"properties": {"a": {"default": 1}}}, {"type": "object"}],
                          "additionalItems": {"properties": {"b": {"default": 2}}}}}})",
                          R"({"pair": [{}, {}, {}]})"),
            R"({"pair":[{"a":1},{},{"b":2}]})");
}

/// Whatever the order in which the schema has its parts.
TEST(ConfigDefaults, OfOnePartAreFilledByTheOthers) {
  constexpr std::string_view kOwn = R"({"properties": {"a": {"properties": {"x": {"default": 1}}}},
    "allOf": [{"properties": {"a": {"default": {}}}},
              {"properties": {"a": {"properties": {"y": {"default": 2}}}}}]})";
  EXPECT_EQ(with_defaults(kOwn, "{}"), R"({"a":{"x":1,"y":2}})");
}

TEST(ConfigDefaults, AreNotTakenFromWhatMayNotHold) {
  constexpr std::string_view kMay = R"({
    "if": {"required": ["a"]}, "then": {"properties": {"b": {"default": 1}}},
    "anyOf": [{"properties": {"c": {"default": 1}}}, {}],
    "oneOf": [{"properties": {"d": {"default": 1}}}],
    "dependencies": {"a": {"properties": {"e": {"default": 1}}}}})";
  EXPECT_EQ(with_defaults(kMay, R"({"a": 0})"), R"({"a":0})");
}

TEST(ConfigDefaults, FitTheSchemaThatTheyStandIn) {
  EXPECT_THAT(schema_faults(R"({"properties": {
                  "a": {"type": "string", "default": 5},
                  "b": {"enum": ["x", "y"], "default": "z"},
                  "c": {"items": {"properties": {"d": {"minimum": 1}}}, "default": [{"d": 0}]},
                  "e": {"type": "object", "required": ["f"], "default": {}},
                  "g": {"type": "object", "required": ["h"], "default": {},
                        "properties": {"h": {"default": 1}}}}})"),
              ElementsAre("configuration/properties/a/default: must be a string, is the number 5",
                          HasSubstr("configuration/properties/b/default: must be one of"),
                          "configuration/properties/c/default/0/d: must be at least 1, is 0",
                          "configuration/properties/e/default/f: is missing"));
  EXPECT_THAT(
      schema_faults(R"({"properties": {"a": {"$ref": "#/definitions/port"}}, "definitions": {
                  "port": {"allOf": [{"$ref": "#/definitions/count"}], "default": 0},
                  "count": {"minimum": 1}}})"),
      ElementsAre("configuration/definitions/port/default: must be at least 1, is 0"));
}

TEST(ConfigDefaults, WithoutAnEndAreAFault) {
  EXPECT_THAT(
      schema_faults(R"({"properties": {"node": {"$ref": "#/definitions/node"}}, "definitions": {
        "node": {"default": {}, "properties": {"next": {"$ref": "#/definitions/node"}}}}})"),
      ElementsAre(HasSubstr("configuration: its schema leads to defaults within each other"),
                  HasSubstr("configuration/definitions/node/default: its schema leads to defaults "
                            "within each other")));
  // Each part alone has an end.
  EXPECT_THAT(schema_faults(R"({"allOf": [{"properties": {"x": {"default": {}}}},
                                      {"properties": {"x": {"$ref": "#"}}}]})"),
              ElementsAre(HasSubstr("configuration: its schema leads to defaults within")));
  std::string wide = R"({"properties": {"a": {"$ref": "#/definitions/d0"}}, "definitions": {)";
  for (int i = 0; i < 30; ++i) {
    const std::string next = R"({"$ref": "#/definitions/d)" + std::to_string(i + 1) + "\"}";
    wide += "\"d" + std::to_string(i) + R"(": {"default": {}, "properties": {"l": )" + next +
            R"(, "r": )" + next + "}}, ";
  }
  EXPECT_THAT(schema_faults(wide + R"("d30": {}}})"),
              ElementsAre("configuration: its schema leads to too many defaults"));
}

TEST(ConfigDefaults, CountByTheirNamesAsWell) {
  std::string items = "[{}";
  for (int i = 0; i < 20'000; ++i) items += ",{}";
  EXPECT_THAT(with_defaults(R"({"properties": {"l": {"items": {"properties": {")" +
                                std::string(10'000, 'x') + R"(": {"default": 1}}}}}})",
                            R"({"l": )" + items + "]}"),
              HasSubstr("too many values for"));
}

TEST(ConfigDefaults, LieNoDeeperThanAConfigurationMay) {
  std::string config = "{}";
  for (int i = 0; i < 63; ++i) config = R"({"a": )" + config + "}";
  ASSERT_TRUE(parse_json(config));
  const auto filled = [&](const std::string& standard) {
    return with_defaults(
        R"({"properties": {"a": {"$ref": "#"}, "b": {"default": )" + standard + "}}}", config);
  };
  EXPECT_THAT(filled("1"), HasSubstr(R"({"a":{"b":1},"b":1})"));
  EXPECT_TRUE(parse_json(filled("1")));
  EXPECT_THAT(filled("[]"), HasSubstr("deeper than 64"));
}

}  // namespace
}  // namespace ostler::plugin_host
