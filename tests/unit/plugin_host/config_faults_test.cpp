// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/config_faults.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "plugin_host/schema_parts.hpp"

namespace ostler::plugin_host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::vector<std::string> said(std::string_view schema, std::string_view config) {
  std::vector<std::string> texts;
  for (const ConfigFault& fault :
       config_faults(parse_json(schema).value(), parse_json(config).value())) {
    texts.push_back(fault.text());
  }
  return texts;
}

/// What is said of a value at /v that answers to `schema`.
std::vector<std::string> said_of(const std::string& schema, const std::string& value) {
  return said(R"({"properties": {"v": )" + schema + "}}", R"({"v": )" + value + "}");
}

constexpr std::string_view kGreet = R"({"type": "object", "additionalProperties": false,
  "required": ["name"], "properties": {"name": {"type": "string"}, "times": {"type": "integer"}}})";

TEST(ConfigFaults, TellTheKeyThatWasMeantAndAllElseAtOnce) {
  EXPECT_THAT(said(kGreet, R"({"nam": "Ada", "times": true})"),
              ElementsAre(R"(/nam: no such key, did you mean "name"?)",
                          "/times: must be a whole number, is true", "/name: is missing"));
  EXPECT_THAT(said(kGreet, R"({"name": "a", "volume": 1})"), ElementsAre("/volume: no such key"));
}

TEST(ConfigFaults, TellWhatAValueIsAndWhatItMustBe) {
  EXPECT_THAT(said(kGreet, R"({"name": 7})"),
              ElementsAre("/name: must be a string, is the number 7"));
  EXPECT_THAT(said(kGreet, R"({"name": "a", "times": "7"})"),
              ElementsAre(R"(/times: must be a whole number, is the string "7")"));
  EXPECT_THAT(said(kGreet, R"(["Ada"])"),
              ElementsAre("the configuration must be a mapping, is a list"));
  EXPECT_THAT(said_of(R"({"type": ["array", "null"]})", "{}"),
              ElementsAre("/v: must be a list or null, is a mapping"));
}

TEST(ConfigFaults, RoundNoNumber) {
  constexpr const char* kBig = "18446744073709551616";
  for (const char* schema :
       {R"({"type": "integer"})", R"({"type": ["null", "integer"]})", R"({"type": "number"})",
        R"({"minimum": 18446744073709551616})", R"({"maximum": 18446744073709551616})",
        R"({"exclusiveMaximum": 18446744073709551617})", R"({"minimum": 0})",
        R"({"const": 18446744073709551616})", R"({"enum": [1, 18446744073709551616]})",
        R"({"multipleOf": 65536})", R"({"not": {"const": 18446744073709551617}})",
        R"({"anyOf": [{"type": "string"}, {"type": "integer"}]})"}) {
    EXPECT_THAT(said_of(schema, kBig), IsEmpty()) << schema;
  }
  for (const char* schema :
       {R"({"type": "string"})", R"({"minimum": 18446744073709551617})",
        R"({"maximum": 18446744073709551615})", R"({"exclusiveMinimum": 18446744073709551616})",
        R"({"const": 18446744073709551617})", R"({"enum": [18446744073709551615]})",
        R"({"multipleOf": 3})", R"({"not": {"type": "integer"}})"}) {
    EXPECT_THAT(said_of(schema, kBig), SizeIs(1)) << schema;
  }
  EXPECT_THAT(said_of(R"({"maximum": 10})", "18446744073709551615"),
              ElementsAre("/v: must be at most 10, is 18446744073709551615"));
  EXPECT_THAT(said_of(R"({"minimum": 0})", "18446744073709551615"), IsEmpty());
  EXPECT_THAT(said_of(R"({"uniqueItems": true})", "[18446744073709551616,18446744073709551617]"),
              IsEmpty());
  EXPECT_THAT(said_of(R"({"multipleOf": 0.01})", "19.99"), IsEmpty());
  EXPECT_THAT(said_of(R"({"type": "integer"})", "4.0"), IsEmpty());
  EXPECT_THAT(said_of(R"({"type": "integer"})", "1.5"),
              ElementsAre("/v: must be a whole number, is the number 1.5"));
}

TEST(ConfigFaults, TellEachBound) {
  const std::pair<const char*, const char*> kNumbers[] = {
      {R"({"minimum": 8})", "/v: must be at least 8, is 7"},
      {R"({"maximum": 6})", "/v: must be at most 6, is 7"},
      {R"({"exclusiveMinimum": 7})", "/v: must be more than 7, is 7"},
      {R"({"exclusiveMaximum": 7})", "/v: must be less than 7, is 7"},
      {R"({"multipleOf": 2})", "/v: must be a multiple of 2, is 7"},
      {R"({"const": 8})", "/v: must be 8, is 7"}};
  for (const auto& [schema, text] : kNumbers) EXPECT_THAT(said_of(schema, "7"), ElementsAre(text));
  EXPECT_THAT(said_of(R"({"minLength": 3})", R"("äb")"),
              ElementsAre("/v: must have at least 3 characters, has 2"));
  EXPECT_THAT(said_of(R"({"maxLength": 1})", R"("ab")"),
              ElementsAre("/v: must have at most 1 character, has 2"));
  EXPECT_THAT(said_of(R"({"minItems": 1})", "[]"),
              ElementsAre("/v: must have at least 1 item, has 0"));
  EXPECT_THAT(said_of(R"({"maxItems": 1})", "[1, 2]"),
              ElementsAre("/v: must have at most 1 item, has 2"));
  EXPECT_THAT(said_of(R"({"minProperties": 2})", R"({"a": 1})"),
              ElementsAre("/v: must have at least 2 keys, has 1"));
  EXPECT_THAT(said_of(R"({"uniqueItems": true})", "[1, 1]"),
              ElementsAre("/v: must have no item twice"));
  EXPECT_THAT(said_of(R"({"pattern": "^[a-z]+$"})", R"("A")"),
              ElementsAre(R"(/v: must match the pattern ^[a-z]+$, is "A")"));
}

TEST(ConfigFaults, TellFormatsAlsoBesideADecimal) {
  constexpr std::string_view kDay =
      R"({"properties": {"day": {"format": "date"}, "ratio": {"type": "number"}}})";
  for (const char* ratio : {"1", "0.5"}) {
    const auto with_day = [&](const std::string& day) {
      return said(kDay, R"({"day": ")" + day + R"(", "ratio": )" + ratio + "}");
    };
    EXPECT_THAT(with_day("2026-11-23"), IsEmpty());
    EXPECT_THAT(with_day("tomorrow"),
                ElementsAre(R"(/day: must be a date as 2026-11-23, is the string "tomorrow")"));
  }
  const auto said_in_list = [](const std::string& schema, const std::string& text) {
    return said_of(R"({"items": )" + schema + "}", "[0.5, \"" + text + "\"]");
  };
  constexpr const char* kNoTime = R"({"not": {"type": "string", "format": "time"}})";
  EXPECT_THAT(said_in_list(kNoTime, "now"), IsEmpty());
  EXPECT_THAT(said_in_list(kNoTime, "16:52:45Z"), SizeIs(1));
  constexpr const char* kOneOf = R"({"oneOf": [{"type": "number"},
      {"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]})";
  EXPECT_THAT(said_in_list(kOneOf, "2026-11-23"), IsEmpty());
  EXPECT_THAT(said_in_list(kOneOf, "2026-11-23T16:52:45Z"), IsEmpty());
  EXPECT_THAT(said_in_list(kOneOf, "later"), SizeIs(1));
}

/// Keywords that no value breaks by itself.
constexpr std::string_view kNotes[] = {
    "$comment",         "$id",      "$schema",     "contentEncoding",
    "contentMediaType", "default",  "definitions", "description",
    "examples",         "readOnly", "title",       "writeOnly"};

/// What breaks each of the others.
struct Broken {
  std::string_view keyword;
  std::string schema;
  std::string value;
};
std::vector<Broken> broken_keywords() {
  const std::string if_string = R"("if": {"type": "string"}, )";
  return {{"$ref", R"("$ref": "#/definitions/never")", "1"},
          {"additionalItems", R"("items": [true], "additionalItems": false)", "[1, 2]"},
          {"additionalProperties", R"("additionalProperties": false)", R"({"a": 1})"},
          {"allOf", R"("allOf": [{"type": "null"}])", "1"},
          {"anyOf", R"("anyOf": [{"type": "null"}])", "1"},
          {"const", R"("const": 2)", "1"},
          {"contains", R"("contains": {"type": "null"})", "[1]"},
          {"dependencies", R"("dependencies": {"a": ["b"]})", R"({"a": 1})"},
          {"else", if_string + R"("else": {"type": "null"})", "1"},
          {"enum", R"("enum": [2])", "1"},
          {"exclusiveMaximum", R"("exclusiveMaximum": 1)", "1"},
          {"exclusiveMinimum", R"("exclusiveMinimum": 1)", "1"},
          {"format", R"("format": "date")", R"("a")"},
          {"if", if_string + R"("then": {"maxLength": 1}, "else": false)", "1"},
          {"items", R"("items": {"type": "null"})", "[1]"},
          {"maxItems", R"("maxItems": 1)", "[1, 2]"},
          {"maxLength", R"("maxLength": 1)", R"("ab")"},
          {"maxProperties", R"("maxProperties": 1)", R"({"a": 1, "b": 1})"},
          {"maximum", R"("maximum": 1)", "2"},
          {"minItems", R"("minItems": 1)", "[]"},
          {"minLength", R"("minLength": 1)", R"("")"},
          {"minProperties", R"("minProperties": 1)", "{}"},
          {"minimum", R"("minimum": 1)", "0"},
          {"multipleOf", R"("multipleOf": 2)", "1"},
          {"not", R"("not": {"type": "integer"})", "1"},
          {"oneOf", R"("oneOf": [true, true])", "1"},
          {"pattern", R"("pattern": "b")", R"("a")"},
          {"patternProperties", R"("patternProperties": {"a": {"type": "null"}})", R"({"a": 1})"},
          {"properties", R"("properties": {"a": {"type": "null"}})", R"({"a": 1})"},
          {"propertyNames", R"("propertyNames": {"pattern": "b"})", R"({"a": 1})"},
          {"required", R"("required": ["a"])", "{}"},
          {"then", R"("if": {"type": "integer"}, "then": {"minimum": 2})", "1"},
          {"type", R"("type": "null")", "1"},
          {"uniqueItems", R"("uniqueItems": true)", "[1, 1]"}};
}

TEST(ConfigFaults, KnowEveryKeywordBesideADecimal) {
  const auto keywords = broken_keywords();
  for (const Broken& broken : keywords) {
    const std::string schema = R"({"definitions": {"never": false}, "properties": {"v": {)" +
                               broken.schema + R"(}, "w": {"not": {)" + broken.schema + "}}}}";
    for (const char* number : {"1", "0.5"}) {
      const std::string with_number = std::string(R"({"n": )") + number;
      EXPECT_THAT(said(schema, with_number + R"(, "v": )" + broken.value + "}"), SizeIs(1))
          << broken.keyword << " beside " << number;
      EXPECT_THAT(said(schema, with_number + R"(, "w": )" + broken.value + "}"), IsEmpty())
          << "not " << broken.keyword << " beside " << number;
    }
  }
  for (const std::string_view keyword : keyword_names()) {
    const bool is_note = std::ranges::find(kNotes, keyword) != std::end(kNotes);
    EXPECT_EQ(is_note, std::ranges::find(keywords, keyword, &Broken::keyword) == keywords.end())
        << keyword;
  }
}

TEST(ConfigFaults, TellTheChoicesAndTheNearest) {
  EXPECT_THAT(
      said_of(R"({"enum": ["fast", "safe"]})", R"("safer")"),
      ElementsAre(R"(/v: must be one of "fast", "safe", is "safer"; did you mean "safe"?)"));
  EXPECT_THAT(said_of(R"({"enum": [1,2,3,4,5,6,7,8,9,10]})", "0"),
              ElementsAre("/v: must be one of 1, 2, 3, 4, 5, 6, 7, 8 or 2 others, is 0"));
}

TEST(ConfigFaults, TellTheAlternatives) {
  constexpr const char* kHost = R"({"oneOf": [{"type": "string"},
    {"type": "object", "required": ["host"], "properties": {"port": {"type": "integer"}}}]})";
  EXPECT_THAT(said_of(kHost, "7"),
              ElementsAre(R"(/v: must be a string or a mapping with "host", is the number 7)"));
  EXPECT_THAT(said_of(kHost, R"({"host": "a", "port": "x"})"),
              ElementsAre(R"(/v/port: must be a whole number, is the string "x")"));
  EXPECT_THAT(said_of(R"({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]})", "{}"),
              ElementsAre(R"(/v: must fit one of: a mapping with "a", a mapping with "b")"));
  EXPECT_THAT(said_of(R"({"oneOf": [{"type": "number"}, {"type": "integer"}]})", "1"),
              ElementsAre("/v: must fit only one of: a number, a whole number; it fits 2"));
  EXPECT_THAT(said_of(R"({"not": {"type": "string"}})", R"("a")"),
              ElementsAre(R"(/v: must not be a string, is the string "a")"));
}

TEST(ConfigFaults, AreThoseOfNamesWhereverTheirSchemaLies) {
  constexpr std::string_view kReferred = R"({"properties": {"m": {"$ref": "#/definitions/d"},
      "n": {"$ref": "#/definitions/d/propertyNames/anyOf/1"}},
    "definitions": {"d": {"type": "object", "propertyNames": {"anyOf": [
      {"pattern": "^a"}, {"const": "b"}], "propertyNames": {"type": "null"}}}}})";
  EXPECT_THAT(said(kReferred, R"({"m": {"abc": 1, "b": 2}, "n": "b"})"), IsEmpty());
  EXPECT_THAT(said(kReferred, R"({"m": {"c": 1}})"), ElementsAre(HasSubstr("/m/c: must")));
  EXPECT_THAT(said(kReferred, R"({"n": "c"})"), ElementsAre(HasSubstr("/n: must")));

  const std::string taken =
      std::string(kReferred).replace(kReferred.find(R"("d":)"), 0, R"("propertyNames-0": true, )");
  EXPECT_THAT(said(taken, R"({"m": {"abc": 1, "b": 2}, "n": "b"})"), IsEmpty());
  EXPECT_THAT(said(taken, R"({"m": {"c": 1}})"), ElementsAre(HasSubstr("/m/c: must")));
}

TEST(ConfigFaults, FollowReferencesConditionsAndItems) {
  constexpr std::string_view kTree = R"({"definitions": {"node": {"properties": {
    "next": {"$ref": "#/definitions/node"}, "weight": {"type": "integer"}}}},
    "$ref": "#/definitions/node"})";
  EXPECT_THAT(said(kTree, R"({"next": {"next": {"weight": "a"}}})"),
              ElementsAre(R"(/next/next/weight: must be a whole number, is the string "a")"));
  constexpr const char* kIf = R"({"if": {"properties": {"a": {"const": 1}}, "required": ["a"]},
    "then": {"required": ["b"]}, "else": {"required": ["c"]}})";
  EXPECT_THAT(said_of(kIf, R"({"a": 1})"), ElementsAre("/v/b: is missing"));
  EXPECT_THAT(said_of(kIf, R"({"a": 2})"), ElementsAre("/v/c: is missing"));
  EXPECT_THAT(said_of(R"({"items": [{"type": "string"}], "additionalItems": false})", "[1, 2]"),
              ElementsAre("/v/0: must be a string, is the number 1", "/v/1: is not allowed here"));
  EXPECT_THAT(said_of(R"({"contains": {"const": 1}})", "[2]"), ElementsAre("/v: must contain 1"));
  EXPECT_THAT(said_of(R"({"dependencies": {"a": ["b"]}})", R"({"a": 1})"),
              ElementsAre("/v/b: is missing"));
  EXPECT_THAT(said_of(R"({"patternProperties": {"^x": {"type": "string"}},
                          "additionalProperties": {"type": "null"}})",
                      R"({"x1": 1, "y": 2})"),
              ElementsAre("/v/x1: must be a string, is the number 1",
                          "/v/y: must be null, is the number 2"));
  EXPECT_THAT(said_of(R"({"propertyNames": {"maxLength": 1}})", R"({"ab": 1})"),
              ElementsAre("/v/ab: must have at most 1 character, has 2"));
}

// The log's redaction knows a secret as it is, not a part of one and not one with escapes.
TEST(ConfigFaults, ShowAValueAsItIsOrNotAtAll) {
  const std::string secret(61, 's');
  for (const std::string& value :
       {"\"" + secret + "\"", std::string(R"("se\"cret")"), std::string(R"("se\ncret")"),
        std::string(R"("se\u202Ecret")")}) {
    const auto texts = said_of(R"({"type": "integer"})", value);
    ASSERT_THAT(texts, SizeIs(1));
    EXPECT_THAT(texts[0], HasSubstr("is a string of "));
    EXPECT_THAT(texts[0], Not(HasSubstr("se\"cret"))) << texts[0];
    EXPECT_THAT(texts[0], Not(HasSubstr("ss")));
  }
  EXPECT_THAT(said(R"({"additionalProperties": false})", R"({"a\u001b[31m": 1})"),
              ElementsAre("/(a key of 6 characters): no such key"));
}

TEST(ConfigFaults, AreCertainWhateverOpenTextsBecome) {
  const auto certain = [](std::string_view schema, std::string_view config) {
    std::vector<std::string> texts;
    const auto is_open = [](std::string_view text) { return text.find('$') != text.npos; };
    for (const ConfigFault& fault :
         certain_config_faults(parse_json(schema).value(), parse_json(config).value(), is_open)) {
      texts.push_back(fault.text());
    }
    return texts;
  };
  EXPECT_THAT(certain(kGreet, R"({"nam": "$A", "times": "$N"})"),
              ElementsAre(R"(/nam: no such key, did you mean "name"?)", "/name: is missing"));
  EXPECT_THAT(certain(kGreet, R"({"$KEY": 1})"), IsEmpty());
  EXPECT_THAT(certain(R"({"if": {"properties": {"a": {"const": "x"}}}, "then": {"required": ["b"]},
                          "else": {"required": ["c"]}})",
                      R"({"a": "$A"})"),
              IsEmpty());
  EXPECT_THAT(certain(R"({"items": {"enum": ["a"]}, "contains": {"const": "a"}})", R"(["$A"])"),
              IsEmpty());
  EXPECT_THAT(certain(R"({"properties": {"a": {"oneOf": [{"const": "x"}, {"const": "y"}]}}})",
                      R"({"a": "$A"})"),
              IsEmpty());
}

TEST(ConfigFaults, EndWhereASchemaHasAlternativesAtEveryLevel) {
  constexpr std::string_view kTree = R"({"definitions": {"n": {"type": ["object", "string"],
    "anyOf": [{"$ref": "#/definitions/a"}, {"$ref": "#/definitions/b"}]},
    "a": {"properties": {"c": {"$ref": "#/definitions/n"}}},
    "b": {"properties": {"c": {"$ref": "#/definitions/n"}}}}, "$ref": "#/definitions/n"})";
  std::string config = "1";
  for (int i = 0; i < 12; ++i) config = R"({"c": )" + config + "}";
  EXPECT_THAT(said(kTree, config), SizeIs(1));
}

TEST(ConfigFaults, EndWhereALargeValueHasManyAlternatives) {
  std::string schema = R"({"type": "array", "anyOf": [{"minItems": 1000000})";
  for (int i = 0; i < 1'000; ++i) schema += R"(, {"minItems": 1000000})";
  std::string config = "[0";
  for (int i = 0; i < 100'000; ++i) config += ",0";
  EXPECT_THAT(said(schema + "]}", config + "]"),
              ElementsAre(testing::Not(testing::HasSubstr("must fit one of"))))
      << "alternatives that it did not look at are not told";
}

TEST(ConfigFaults, AreThoseWithoutRoundingAlsoInALongList) {
  std::string config = "[0";
  for (int i = 0; i < 10'000; ++i) config += ",0";
  EXPECT_THAT(said(R"({"items": {"minimum": 0}})", config + ",18446744073709551615]"), IsEmpty());
  EXPECT_THAT(said(R"({"items": {"minimum": 0}})", config + ",0.5,-0.5]"), SizeIs(1));
  std::string texts = "[0.5";
  for (int i = 0; i < 20'000; ++i) texts += ",\"a\"";
  EXPECT_THAT(said(R"({"items": {"pattern": "^(a|b)*$"}})", texts + "]"), IsEmpty());
  EXPECT_THAT(said(R"({"items": {"pattern": "^(a|b)*$"}})", texts + ",\"c\"]"), SizeIs(1));
}

/// What is compared without rounding costs more than the library, which finds 1.5 at once.
TEST(ConfigFaults, EndWhereMuchIsCompared) {
  std::string choices = "1.50000000000000000001";
  for (int i = 0; i < 20'000; ++i) choices += "," + std::to_string(i) + ".25";
  std::string items = "1.5";
  for (int i = 0; i < 1'000; ++i) items += ",1.5";
  EXPECT_THAT(
      said_of(R"({"items": {"anyOf": [{"enum": [)" + choices + "]}, true]}}", "[" + items + "]"),
      ElementsAre(HasSubstr("cost too much to judge")));

  std::string numbers = "1.00000000000000000001,1.00000000000000000002";
  for (int i = 2; i < 1'000; ++i) numbers += "," + std::to_string(i);
  const std::string once = R"({"uniqueItems": true})";
  EXPECT_THAT(said_of(once, "[" + numbers + "]"), IsEmpty());
  std::string often = once;
  for (int i = 0; i < 50; ++i) often += "," + once;
  EXPECT_THAT(said_of(R"({"allOf": [)" + often + "]}", "[" + numbers + "]"),
              ElementsAre(HasSubstr("cost too much to judge")));
  for (int i = 1'000; i < 1'050; ++i) numbers += "," + std::to_string(i);
  EXPECT_THAT(said_of(once, "[" + numbers + ",0.5]"), IsEmpty());
  EXPECT_THAT(said_of(R"({"anyOf": [true, {"allOf": [)" + often + "]}]}", "[" + numbers + "]"),
              ElementsAre(HasSubstr("cost too much to judge")))
      << "also a longer one";
}

TEST(ConfigFaults, AreNotJudgedTooDeep) {
  std::string schema = R"({"definitions": {"s0": {"type": "string"})";
  for (int i = 1; i <= 250; ++i) {
    schema += ", \"s" + std::to_string(i) + R"(": {"allOf": [{"$ref": "#/definitions/s)" +
              std::to_string(i - 1) + "\"}]}";
  }
  EXPECT_THAT(said(schema + R"(}, "allOf": [{"$ref": "#/definitions/s250"}]})", "0.5"), SizeIs(1))
      << "what was not looked at does not fit";
}

TEST(ConfigFaults, AreTheFirstOfMany) {
  std::string config = "[0";
  for (int i = 0; i < 10'000; ++i) config += ",0";
  EXPECT_THAT(said(R"({"items": {"type": "string"}})", config + "]"), SizeIs(10));
}

TEST(ConfigFaults, AreNoneOfWhatIsValid) {
  EXPECT_THAT(said(kGreet, R"({"name": "Ada", "times": 2})"), IsEmpty());
}

}  // namespace
}  // namespace ostler::plugin_host
