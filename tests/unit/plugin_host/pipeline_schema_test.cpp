// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/pipeline_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin_host/config_schema.hpp"

namespace ostler::plugin_host {
namespace {

using testing::HasSubstr;

JsonValue parsed(const std::string& text) {
  const auto value = parse_json(text);
  EXPECT_TRUE(value) << value.error().message();
  return value.value();
}

/// An editor that knows a plugin with a part that its schema refers to, and one without a schema.
class PipelineSchema : public testing::Test {
 protected:
  /// What is wrong with a pipeline; empty: nothing.
  std::string fault(const std::string& pipeline) const {
    const auto checked = complete_config(schema_, parsed(pipeline));
    return checked ? "" : checked.error().message();
  }
  std::string fault_in_plugins(const std::string& plugins) const {
    return fault(R"({"steps": [{"command": "make"}, {"plugins": )" + plugins + "}]}");
  }

  const JsonValue schema_ =
      pipeline_schema({{.reference = "greet#1.2.3",
                        .names = {"ostler://greet#1", "ostler://greet"},
                        .description = "Says hello",
                        .schema = parsed(R"({"$id": "https://example.com/greet", "type": "object",
                             "properties": {"to": {"$ref": "#/definitions/person"}},
                             "required": ["to"],
                             "definitions": {"person": {"type": "string", "minLength": 2}}})")},
                       {.reference = "plain#1.0.0",
                        .names = {"ostler://plain#1"},
                        .description = "",
                        .schema = {}}},
                      {"command", "plugins", "group", "steps", "wait"});
};

TEST_F(PipelineSchema, HasKeywordsThatAreKnown) {
  std::vector<std::string> faults;
  check_schema(schema_, faults);
  EXPECT_THAT(faults, testing::IsEmpty());
}

TEST_F(PipelineSchema, RefersByFragmentsThatAUriMayHave) {
  const std::string text = canonical_json(schema_);
  EXPECT_THAT(text, HasSubstr(R"("$ref":"#/definitions/greet@1.2.3/definitions/person")"));
  for (std::size_t at = 0; (at = text.find(R"("$ref":"#)", at)) != text.npos; ++at) {
    const std::string fragment = text.substr(at + 9, text.find('"', at + 9) - at - 9);
    EXPECT_EQ(fragment.find_first_of("# "), fragment.npos) << fragment;
  }
}

TEST_F(PipelineSchema, TakesEveryFormOfAPipeline) {
  for (const char* pipeline :
       {R"({"steps": [{"command": "make"}, "wait", null, {"wait": null}]})",
        R"(["wait", {"command": ["a", "b"]}])", R"({"steps": null})",
        R"({"env": {"A": "b"}, "common": [1], "steps": [{"group": "g", "steps": ["wait"]}]})"}) {
    EXPECT_EQ(fault(pipeline), "") << pipeline;
  }
  EXPECT_NE(fault(R"({"steps": [{"comand": "make"}]})"), "");
  EXPECT_NE(fault(R"({"step": []})"), "");
  EXPECT_NE(fault(R"({"steps": [{"group": "g", "steps": [{"comand": "make"}]}]})"), "");
}

TEST(PipelineSchemaOfTexts, TakesVariablesAndTokensOfAMatrixForWhatThePluginWants) {
  const JsonValue schema = pipeline_schema({{.reference = "count#1.0.0",
                                             .names = {"ostler://count#1"},
                                             .description = "Counts",
                                             .schema = parsed(R"({"type": "object", "properties": {
            "from": {"type": "integer", "default": 3}, "loud": {"type": ["boolean", "null"]},
            "mode": {"enum": ["fast", "safe"]}, "type": {"type": "string", "pattern": "^a"},
            "pattern": {"type": "string"}, "enum": {"type": "array"},
            "list": {"type": "array", "items": {"$ref": "#/properties/from"}}}})")}},
                                           {"plugins"});
  const auto is_valid = [&](const std::string& config) {
    return bool(complete_config(
        schema, parsed(R"({"steps": [{"plugins": [{"ostler://count#1": )" + config + "}]}]}")));
  };
  EXPECT_TRUE(is_valid(R"({"from": 4, "loud": true, "mode": "fast", "type": "ab", "list": [1]})"));
  EXPECT_TRUE(is_valid(R"({"from": "${N}", "loud": "$L", "mode": "{{matrix}}", "type": "$T",
                           "list": ["$N"]})"));
  for (const char* wrong :
       {R"({"from": "4"})", R"({"loud": "true"})", R"({"mode": "slow"})", R"({"type": "b"})",
        R"({"pattern": 7})", R"({"enum": "a"})", R"({"list": "$L"})", R"({"list": ["1"]})"}) {
    EXPECT_FALSE(is_valid(wrong)) << wrong;
  }
  EXPECT_THAT(canonical_json(schema), HasSubstr(R"("default":3)"));
}

TEST(PipelineSchemaOfTexts, TellsAPropertyFromTheKeywordOfThatName) {
  for (const std::string name : {"const", "default", "enum", "examples", "if", "not", "$ref"}) {
    const JsonValue schema =
        pipeline_schema({{.reference = "count#1.0.0",
                          .names = {"ostler://count#1"},
                          .description = "Counts",
                          .schema = parsed(R"({"definitions": {"n": {"type": "integer"}},
                              "properties": {")" +
                                           name + R"(": {"$ref": "#/definitions/n"},
                                "own": {"properties": {")" +
                                           name + R"(": {"type": "integer"}}}}})")}},
                        {"plugins"});
    const auto fault = [&](const std::string& value) {
      const auto done = complete_config(
          schema, parsed(R"({"steps": [{"plugins": [{"ostler://count#1": {")" + name +
                         "\": " + value + R"(, "own": {")" + name + "\": " + value + "}}}]}]}"));
      return done ? "" : done.error().message();
    };
    EXPECT_EQ(fault("7"), "") << name;
    EXPECT_EQ(fault(R"("${N}")"), "") << name;
    EXPECT_NE(fault(R"("seven")"), "") << name;
  }
}

TEST_F(PipelineSchema, KnowsTheConfigurationOfEachPlugin) {
  for (const char* plugins :
       {R"(["ostler://greet#1", "docker#v5"])", R"([{"ostler://greet#1": {"to": "Ada"}}])",
        R"({"ostler://greet": {"to": "Ada"}})", R"([{"ostler://plain#1": null}])",
        R"([{"github.com/others/plugin#v1": {"any": "thing"}}])"}) {
    EXPECT_EQ(fault_in_plugins(plugins), "") << plugins;
  }
  for (const char* plugins :
       {R"([{"ostler://greet#1": {}}])", R"([{"ostler://greet#1": {"to": "A"}}])",
        R"({"ostler://greet": {"to": 7}})", R"([{"ostler://plain#1": {"any": 1}}])", "7"}) {
    EXPECT_NE(fault_in_plugins(plugins), "") << plugins;
  }
}

}  // namespace
}  // namespace ostler::plugin_host
