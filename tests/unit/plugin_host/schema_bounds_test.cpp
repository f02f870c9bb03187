// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin_host/schema_library.hpp"

namespace ostler::plugin_host {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What the library says; nothing of what is valid.
std::string said(const std::string& schema, const std::string& value) {
  const auto fault = library_fault(parse_json(schema).value(), parse_json(value).value());
  return fault ? fault->pointer + ": " + fault->text : "";
}

/// `count` times what `part` makes of a number, with commas.
template <class Part>
std::string many(int count, const Part& part) {
  std::string text;
  for (int i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + part(i);
  return text;
}
std::string name(int i) { return "\"n" + std::to_string(i) + "\""; }
std::string names(int count) { return many(count, name); }
std::string each(int count, const std::string& text) {
  return many(count, [&](int) { return text; });
}

constexpr const char* kTooLong = "takes too long";

TEST(SchemaBounds, AreKeptByEveryNameLookedUp) {
  const std::string objects = "[" + each(2'000, "{}") + "]";
  const auto of_items = [](const std::string& keyword, const std::string& standing) {
    return R"({"items": {")" + keyword + R"(": )" + standing + "}}";
  };
  const std::string schemas = "{" + many(2'000, [](int i) { return name(i) + ":true"; }) + "}";
  EXPECT_THAT(said(of_items("properties", schemas), objects), HasSubstr(kTooLong));
  EXPECT_THAT(said(of_items("dependencies", schemas), objects), HasSubstr(kTooLong));
  const std::string lists = "{" + many(2'000, [](int i) { return name(i) + ":[\"a\"]"; }) + "}";
  EXPECT_THAT(said(of_items("dependencies", lists), objects), HasSubstr(kTooLong));

  const std::string full = "{" + many(2'000, [](int i) { return name(i) + ":1"; }) + "}";
  const auto many_times = [](const std::string& schema) {
    return R"({"definitions": {"d": )" + schema + R"(}, "allOf": [)" +
           each(500, R"({"$ref": "#/definitions/d"})") + "]}";
  };
  EXPECT_THAT(said(many_times(R"({"required": [)" + names(2'000) + "]}"), full),
              HasSubstr(kTooLong));
  EXPECT_THAT(said(many_times(R"({"dependencies": {"n0": [)" + names(2'000) + "]}}"), full),
              HasSubstr(kTooLong));
}

TEST(SchemaBounds, AreKeptByLongTexts) {
  const std::string text = "\"" + std::string(500'000, 'a') + "\"";
  for (const char* schema : {R"({"maxLength": 1000000})", R"({"minLength": 1})"}) {
    EXPECT_EQ(said(schema, text), "") << schema;
    EXPECT_THAT(said(R"({"allOf": [)" + each(200, schema) + "]}", text), HasSubstr(kTooLong));
  }
  const std::string in_long_name = R"({")" + std::string(500'000, 'a') + R"(": [)";
  EXPECT_THAT(said(R"({"additionalProperties": {"items": {"type": "integer"}}})",
                   in_long_name + each(1'000, "1") + "]}"),
              HasSubstr(kTooLong))
      << "the library copies the name for each item";
}

TEST(SchemaBounds, EndWhereEnoughIsWrong) {
  const std::string texts = "[" + each(220'000, R"("")") + "]";
  constexpr const char* kNumbers = R"({"items": {"type": "integer"}})";
  EXPECT_THAT(said(kNumbers, texts), Not(HasSubstr(kTooLong)));
  EXPECT_EQ(said(std::string(R"({"anyOf": [)") + kNumbers + R"(, {"maxItems": 220000}]})",
                 "[" + each(20'000, R"("")") + "]"),
            "")
      << "what is wrong with one alternative is not wrong with the value";
}

TEST(SchemaBounds, TakeWhatIsOrdinary) {
  const std::string schema = R"({"items": {"required": ["n0", "n1"], "properties": {"n0":
      {"type": "integer"}}, "dependencies": {"n0": ["n1"], "n1": {"minProperties": 2}}}})";
  EXPECT_EQ(said(schema, "[" + each(10'000, R"({"n0":1,"n1":2})") + "]"), "");
  EXPECT_THAT(said(schema, R"([{"n0":1}])"), HasSubstr("/0: Misses "));
  EXPECT_THAT(said(schema, R"([{"n0":"a","n1":2}])"), HasSubstr("/0/n0: "));
  EXPECT_THAT(said(R"({"dependencies": {"a": ["b"]}})", R"({"a": 1})"), HasSubstr("Misses what"));
  EXPECT_THAT(said(R"({"dependencies": {"a": {"maxProperties": 1}}})", R"({"a": 1, "b": 1})"),
              Not(""));
}

TEST(SchemaLibrary, DividesNumbersOfAnySize) {
  for (const char* multiple : {"6", "6.0", "-6", "0", "18446744073709551616", "1e300"}) {
    EXPECT_EQ(said(R"({"multipleOf": 2})", multiple), "") << multiple;
  }
  for (const char* other : {"7", "4.5", "-4.5", "0.5"}) {
    EXPECT_NE(said(R"({"multipleOf": 2})", other), "") << other;
  }
  EXPECT_EQ(said(R"({"multipleOf": 2})", R"("text")"), "");
}

}  // namespace
}  // namespace ostler::plugin_host
