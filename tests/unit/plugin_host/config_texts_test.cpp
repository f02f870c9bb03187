// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/config_texts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin_host/config_schema.hpp"

namespace ostler::plugin_host {
namespace {

using testing::HasSubstr;

/// A configuration as a job completes it.
std::string in_job(std::string_view schema, std::string_view config) {
  const auto done = complete_config(parse_json(schema).value(), parse_json(config).value(),
                                    ConfigTexts::OfVariables);
  return done ? canonical_json(done.value()) : done.error().message();
}

/// The same of one value.
std::string value_in_job(const std::string& schema, const std::string& value) {
  const std::string whole =
      in_job(R"({"properties": {"a": )" + schema + "}}", R"({"a": )" + value + "}");
  return whole.substr(0, 5) == R"({"a":)" ? whole.substr(5, whole.size() - 6) : whole;
}

TEST(ConfigTexts, BecomeWhatTheTypeDemands) {
  const std::string integer = R"({"type": "integer"})";
  EXPECT_EQ(value_in_job(integer, R"("4")"), "4");
  EXPECT_EQ(value_in_job(integer, R"("-012")"), "-12");
  EXPECT_EQ(value_in_job(integer, R"("0x1F")"), "31");
  EXPECT_EQ(value_in_job(R"({"type": "number"})", R"("1.10")"), "1.10");
  EXPECT_EQ(value_in_job(R"({"type": "number"})", R"("18446744073709551616")"),
            "18446744073709551616");
  EXPECT_EQ(value_in_job(R"({"type": "boolean"})", R"("True")"), "true");
  EXPECT_EQ(value_in_job(R"({"type": ["boolean", "null"]})", R"("false")"), "false");
  EXPECT_EQ(value_in_job(R"({"type": ["boolean", "integer"]})", R"("7")"), "7");
}

TEST(ConfigTexts, AreWholeNumbersOfAnySizeAndSpelling) {
  const std::string integer = R"({"type": "integer"})";
  EXPECT_EQ(value_in_job(integer, R"("18446744073709551616")"), "18446744073709551616");
  EXPECT_EQ(value_in_job(integer, R"("4.0")"), "4.0");
  EXPECT_EQ(value_in_job(integer, "4.0"), "4.0");
  EXPECT_THAT(value_in_job(integer, R"("18446744073709551616.5")"),
              HasSubstr("must be a whole number"));
}

TEST(ConfigTexts, StayWhereTheSchemaAsksAndDemandsNothingOfThem) {
  EXPECT_THAT(value_in_job(R"({"contains": {"type": "integer"}})", R"(["4", "5"])"),
              HasSubstr("/a: must contain a whole number"));
  EXPECT_EQ(value_in_job(R"({"contains": {"type": "integer"}})", R"(["4", 5])"), R"(["4",5])");
  EXPECT_EQ(
      value_in_job(R"({"items": {"type": "integer"}, "contains": {"const": 4}})", R"(["4", "5"])"),
      "[4,5]");
  EXPECT_THAT(value_in_job(R"({"not": {"type": "string"}})", R"("4")"),
              HasSubstr("/a: must not be a string"));
  EXPECT_EQ(value_in_job(R"({"propertyNames": {"pattern": "^[0-9]$"}})", R"({"4": "4"})"),
            R"({"4":"4"})");
}

TEST(ConfigTexts, StayWhereTheyAreNotWhollyOne) {
  for (const char* text : {R"("4x")", R"("")", R"(" 4")", R"("1_000")", R"("1.5")", R"("true")",
                           R"("4\n")", R"("12e4567")", R"(".inf")"}) {
    EXPECT_THAT(value_in_job(R"({"type": "integer"})", text), HasSubstr("must be a whole number"));
  }
  for (const char* text : {R"("yes")", R"("1")", R"("on")"}) {
    EXPECT_THAT(value_in_job(R"({"type": "boolean"})", text), HasSubstr("must be true or false"));
  }
}

TEST(ConfigTexts, StayWhereAStringIsAllowed) {
  for (const char* schema :
       {R"({"type": "string"})", R"({"type": ["integer", "string"]})", "{}", "true",
        R"({"enum": ["4", 4]})", R"({"anyOf": [{"type": "integer"}, {"type": "string"}]})",
        R"({"oneOf": [{"type": "integer"}, {"type": "string"}]})", R"({"not": {"const": 4}})",
        R"({"if": {"type": "integer"}, "then": {"maximum": 3}})"}) {
    EXPECT_EQ(value_in_job(schema, R"("4")"), R"("4")") << schema;
  }
  EXPECT_THAT(value_in_job(R"({"type": "string", "maxLength": 1})", R"("42")"),
              HasSubstr("must have at most 1 character"));
}

TEST(ConfigTexts, AreHeldAgainstTheRestOfTheSchemaAsWhatTheyBecame) {
  EXPECT_THAT(value_in_job(R"({"type": "integer", "maximum": 3})", R"("4")"),
              HasSubstr("/a: must be at most 3, is 4"));
  EXPECT_THAT(value_in_job(R"({"type": "integer", "enum": [1, 2]})", R"("4")"),
              HasSubstr("must be one of 1, 2, is 4"));
}

TEST(ConfigTexts, FollowFixedValuesAndReferences) {
  EXPECT_EQ(value_in_job(R"({"enum": [1, 2, true]})", R"("2")"), "2");
  EXPECT_EQ(value_in_job(R"({"const": false})", R"("false")"), "false");
  EXPECT_EQ(value_in_job(R"({"enum": [1, 2, "auto"]})", R"("1")"), "1");
  EXPECT_EQ(value_in_job(R"({"enum": [1, "1", 2]})", R"("1")"), R"("1")");
  EXPECT_EQ(value_in_job(R"({"type": ["integer", "string"], "enum": [1, 2]})", R"("2")"), "2");
  EXPECT_THAT(value_in_job(R"({"enum": [1, 2, "auto"]})", R"("3")"), HasSubstr("is \"3\""));
  EXPECT_EQ(value_in_job(R"({"allOf": [{"minimum": 1}, {"type": "integer"}]})", R"("4")"), "4");
  EXPECT_EQ(in_job(R"({"definitions": {"port": {"type": "integer"}},
                       "properties": {"port": {"$ref": "#/definitions/port"}}})",
                   R"({"port": "80"})"),
            R"({"port":80})");
}

TEST(ConfigTexts, AreFoundInListsAndInMappings) {
  EXPECT_EQ(value_in_job(R"({"items": {"type": "integer"}})", R"(["1", 2, "3"])"), "[1,2,3]");
  EXPECT_EQ(value_in_job(R"({"items": [{"type": "integer"}, {"type": "string"}],
                             "additionalItems": {"type": "boolean"}})",
                         R"(["1", "2", "true"])"),
            R"([1,"2",true])");
  EXPECT_EQ(value_in_job(R"({"properties": {"n": {"type": "integer"}},
                             "patternProperties": {"^x_": {"type": "boolean"}},
                             "additionalProperties": {"type": "number"}})",
                         R"({"n": "1", "x_a": "true", "z": "0.50"})"),
            R"({"n":1,"x_a":true,"z":0.50})");
  EXPECT_EQ(in_job(R"({"dependencies": {"a": {"properties": {"b": {"type": "integer"}}}}})",
                   R"({"a": "1", "b": "2"})"),
            R"({"a":"1","b":2})");
}

TEST(ConfigTexts, AreReadToTheEndOfALongList) {
  std::string texts = R"("1")";
  std::string numbers = "1";
  for (int i = 1; i < 10'500; ++i) {
    texts += R"(,"1")";
    numbers += ",1";
  }
  const std::string read =
      value_in_job(R"({"items": {"type": "integer"}})", std::string("[") + texts + "]");
  EXPECT_TRUE(read == std::string("[") + numbers + "]") << read.substr(read.size() - 40);
}

TEST(ConfigTexts, ChooseTheAlternativeThatTheyMakeFit) {
  EXPECT_EQ(value_in_job(R"({"anyOf": [{"type": "integer"}, {"type": "boolean"}]})", R"("true")"),
            "true");
  constexpr const char* kKinds = R"({"oneOf": [
      {"properties": {"kind": {"const": "text"}, "n": {"type": "string"}}, "required": ["kind"]},
      {"properties": {"kind": {"const": "count"}, "n": {"type": "integer"}}}]})";
  EXPECT_EQ(value_in_job(kKinds, R"({"kind": "count", "n": "4"})"), R"({"kind":"count","n":4})");
  EXPECT_EQ(value_in_job(kKinds, R"({"kind": "text", "n": "4"})"), R"({"kind":"text","n":"4"})");
  EXPECT_EQ(in_job(R"({"if": {"properties": {"fast": {"const": true}}},
                       "then": {"properties": {"n": {"type": "integer"}}},
                       "properties": {"fast": {"type": "boolean"}}})",
                   R"({"fast": "true", "n": "4"})"),
            R"({"fast":true,"n":4})");
}

TEST(ConfigTexts, LeaveAValidConfigurationAsItIs) {
  EXPECT_EQ(in_job(R"({"properties": {"a": {"default": "7"}, "b": {"type": "string"}}})",
                   R"({"b": "4"})"),
            R"({"a":"7","b":"4"})");
}

TEST(ConfigTexts, AreMeantAsSuchElsewhere) {
  const auto schema = parse_json(R"({"properties": {"a": {"type": "integer"}}})").value();
  const auto config = parse_json(R"({"a": "4"})").value();
  EXPECT_THAT(complete_config(schema, config).error().message(),
              HasSubstr("/a: must be a whole number, is the string \"4\""));
}

TEST(ConfigTexts, EndOnASchemaThatRefersToItself) {
  for (const char* schema :
       {R"({"anyOf": [{"$ref": "#"}, {"$ref": "#"}], "required": ["b"]})",
        R"({"allOf": [{"$ref": "#"}], "required": ["b"]})",
        R"({"if": {"$ref": "#"}, "then": {"$ref": "#"}, "else": {"$ref": "#"}})"}) {
    JsonValue config = parse_json(R"({"a": "4"})").value();
    read_config_texts(parse_json(schema).value(), config);
    EXPECT_EQ(canonical_json(config), R"({"a":"4"})");
  }
  std::string deep = R"({"n": "4"})";
  for (int i = 0; i < 50; ++i) deep = R"({"next": )" + deep + "}";
  EXPECT_THAT(in_job(R"({"properties": {"n": {"type": "integer"}},
                         "additionalProperties": {"$ref": "#"}})",
                     deep),
              HasSubstr(R"({"n":4})"));
}

}  // namespace
}  // namespace ostler::plugin_host
