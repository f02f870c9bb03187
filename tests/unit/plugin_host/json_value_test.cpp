// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/json_value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::plugin_host {
namespace {

using testing::HasSubstr;

std::string canonical(std::string_view text) { return canonical_json(parse_json(text).value()); }
std::string fault(std::string_view text, JsonLimits limits = {}) {
  const auto parsed = parse_json(text, limits);
  return parsed ? "none" : parsed.error().message();
}

TEST(JsonValue, IsWrittenWithoutBlanksAndWithSortedNames) {
  EXPECT_EQ(canonical(R"( {"b": [1, true, null], "a": {"d": "x\ny", "c": {}}} )"),
            R"({"a":{"c":{},"d":"x\ny"},"b":[1,true,null]})");
}

TEST(JsonValue, KeepsTheTextOfNumbers) {
  EXPECT_EQ(canonical("[1.50, 1e3, -0, 0, 18446744073709551616, -9223372036854775808]"),
            "[1.50,1e3,-0,0,18446744073709551616,-9223372036854775808]");
}

TEST(JsonValue, RefusesANameThatStandsTwiceAndSaysWhere) {
  EXPECT_EQ(fault(R"({"servers": [{}, {"port": 1, "port": 2}]})"),
            "/servers/1: the name \"port\" stands there twice");
}

TEST(JsonValue, RefusesWhatIsTooDeepOrTooLong) {
  const std::string deep = std::string(64, '[') + std::string(64, ']');
  EXPECT_EQ(fault(deep), "none");
  EXPECT_THAT(fault("[" + deep + "]"), HasSubstr("deeper than 64"));
  EXPECT_THAT(fault("\"abcdef\"", {.size = 7}), HasSubstr("longer than 7 bytes"));
}

TEST(JsonValue, RefusesWhatIsNoJson) {
  for (const char* text : {"", "{", "[1,]", "nul", "\"\xff\"", "{} {}", "01", "NaN"}) {
    EXPECT_NE(fault(text), "none") << text;
  }
}

TEST(JsonValue, IsReadByPointer) {
  const auto value = parse_json(R"({"a/b": [{"~": 7}], "": 1})").value();
  EXPECT_EQ(at_pointer(value, "/a~1b/0/~0").value()->text, "7");
  EXPECT_EQ(at_pointer(value, "/").value()->text, "1");
  EXPECT_EQ(at_pointer(value, "").value(), &value);
  for (const char* missing : {"/a~1b/1", "/a~1b/00", "/a~1b/-", "/c", "/a~1b/0/~0/x"}) {
    EXPECT_EQ(at_pointer(value, missing).error().code(), Errc::NotFound) << missing;
  }
  for (const char* wrong : {"a", "/~2", "/~"}) {
    EXPECT_EQ(at_pointer(value, wrong).error().code(), Errc::UserFault) << wrong;
  }
}

}  // namespace
}  // namespace ostler::plugin_host
