// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_services.hpp"

#include <gtest/gtest.h>

namespace ostler::plugin_host {
namespace {

StepServices services() {
  return {parse_json(R"({"list": [1, "two"], "big": 9223372036854775808, "half": 0.5, "on": true})")
              .value(),
          {{"HOME", "/root"}}};
}

std::string answer(const std::string& method, const std::string& first,
                   const std::string& second = "") {
  auto of = services();
  const auto said = of.answer(method, first, second);
  return said ? said.value() : std::string(to_string(said.error().code()));
}

TEST(StepServices, ReadTheConfigurationByType) {
  EXPECT_EQ(answer("ostler.config/1/type", "/list"), "5");
  EXPECT_EQ(answer("ostler.config/1/integer", "/list/0"), "1");
  EXPECT_EQ(answer("ostler.config/1/integer", "/big"), "user_fault");
  EXPECT_EQ(answer("ostler.config/1/integer", "/half"), "user_fault");
  EXPECT_EQ(answer("ostler.config/1/text", "/big"), "9223372036854775808");
  EXPECT_EQ(answer("ostler.config/1/boolean", "/on"), "1");
  EXPECT_EQ(answer("ostler.config/1/boolean", "/half"), "user_fault");
  EXPECT_EQ(answer("ostler.config/1/json", "/list"), R"([1,"two"])");
  EXPECT_EQ(answer("ostler.config/1/count", ""), "4");
  EXPECT_EQ(answer("ostler.config/1/count", "/on"), "user_fault");
  EXPECT_EQ(answer("ostler.config/1/key", "", "2"), "list");
  EXPECT_EQ(answer("ostler.config/1/key", "", "4"), "not_found");
  EXPECT_EQ(answer("ostler.config/1/text", "/none"), "not_found");
}

TEST(StepServices, KnowTheirMethodsOnly) {
  EXPECT_EQ(answer("ostler.config/2/text", "/on"), "not_found");
  EXPECT_EQ(answer("", ""), "not_found");
}

TEST(StepServices, SetVariablesThatAreNotProtected) {
  EXPECT_EQ(answer("ostler.environment/1/get", "HOME"), "/root");
  EXPECT_EQ(answer("ostler.environment/1/get", "NONE"), "not_found");
  EXPECT_EQ(answer("ostler.environment/1/set", "A", "b"), "");
  EXPECT_EQ(answer("ostler.environment/1/set", "A=B", "b"), "user_fault");
  EXPECT_EQ(answer("ostler.environment/1/set", "A", std::string("b\0c", 3)), "user_fault");
  EXPECT_EQ(answer("ostler.environment/1/set", "BUILDKITE_AGENT_ACCESS_TOKEN", "b"), "denied");
}

TEST(StepServices, BoundTheVariablesThatAStepSets) {
  StepServices of = services();
  const std::string value(100 << 10, 'v');
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(of.answer("ostler.environment/1/set", "V" + std::to_string(i), value));
  }
  EXPECT_FALSE(of.answer("ostler.environment/1/set", "V10", value));
  EXPECT_TRUE(of.answer("ostler.environment/1/set", "V9", value)) << "it replaces as much";
  EXPECT_TRUE(of.answer("ostler.environment/1/set", "V9", ""));
  EXPECT_TRUE(of.answer("ostler.environment/1/set", "V10", value));
}

TEST(StepServices, BoundOutputs) {
  StepServices of = services();
  EXPECT_FALSE(of.answer("ostler.output/1/set", "Name", "1"));
  EXPECT_FALSE(of.answer("ostler.output/1/set", "result", "1")) << "that is the step's own";
  EXPECT_FALSE(of.answer("ostler.output/1/set", "name", "{"));
  EXPECT_FALSE(of.answer("ostler.output/1/set", "name", '"' + std::string(65536, 'a') + '"'));
  for (int i = 0; i < 256; ++i) {
    EXPECT_TRUE(of.answer("ostler.output/1/set", "n" + std::to_string(i), "1"));
  }
  EXPECT_FALSE(of.answer("ostler.output/1/set", "one-more", "1"));
  EXPECT_TRUE(of.answer("ostler.output/1/set", "n7", "{\"a\": 2}"));
  EXPECT_EQ(of.outputs().at("n7"), "{\"a\":2}");
}

}  // namespace
}  // namespace ostler::plugin_host
