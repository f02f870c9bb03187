// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_reference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::plugin_host {
namespace {

const std::vector<std::string> kNames = {"deploy"};

std::string meant_by(std::string_view source) {
  const auto reference = step_reference(source, kNames);
  return reference ? reference->text() : "a plugin of hooks";
}

TEST(PluginCalls, HaveEveryFormThatAJobMayHave) {
  const auto calls = read_plugin_calls(R"(["a#1", {"b#2": {"n": 1.50}}, {"c": null}])").value();
  ASSERT_EQ(calls.size(), 3u);
  EXPECT_EQ(calls[0].source, "a#1");
  EXPECT_EQ(canonical_json(calls[1].config), R"({"n":1.50})");
  EXPECT_EQ(calls[2].config.type, JsonValue::Type::Null);
  EXPECT_TRUE(read_plugin_calls(" \n").value().empty());
  EXPECT_TRUE(read_plugin_calls("null").value().empty());
  for (const char* other : {"{}", "[1]", "[[]]", "\"a\"", "[", R"([{"a": {"n": 1, "n": 2}}])"}) {
    EXPECT_FALSE(read_plugin_calls(other)) << other;
  }
}

TEST(StepReference, IsWhatHasTheSchemeAndWhatTheHostNames) {
  EXPECT_EQ(meant_by("ostler://greet#1"), "greet#1");
  EXPECT_EQ(meant_by("ostler://greet#v1.2.3"), "greet#1.2.3");
  EXPECT_EQ(meant_by("ostler://greet"), "greet");
  EXPECT_EQ(meant_by("deploy"), "deploy");
  EXPECT_EQ(meant_by("deploy#2"), "deploy#2");
  EXPECT_EQ(meant_by("github.com/buildkite-plugins/deploy-buildkite-plugin#v2"), "deploy#2");
  for (const char* other :
       {"greet#1", "./deploy", "acme/deploy#1", "https://deploy", "deploy.git",
        "github.com/acme/deploy-buildkite-plugin", "github.com/buildkite-plugins/-buildkite-plugin",
        "github.com/buildkite-plugins/deploy", "https://github.com/a/ostler://deploy", ""}) {
    EXPECT_EQ(meant_by(other), "a plugin of hooks") << other;
  }
}

TEST(StepReference, MeansVersionsByTheirFirstNumbers) {
  EXPECT_TRUE(version_fits("1.2.3", "1"));
  EXPECT_TRUE(version_fits("1.2.3", "1.2"));
  EXPECT_TRUE(version_fits("1.2.3", "1.2.3"));
  EXPECT_TRUE(version_fits("1.2.3", ""));
  EXPECT_TRUE(version_fits("1.2.3-beta", "1.2.3-beta"));
  EXPECT_FALSE(version_fits("1.2.3-beta", "1"));
  EXPECT_FALSE(version_fits("12.0.0", "1"));
  EXPECT_FALSE(version_fits("1.2.3", "1.2.3.4"));
  EXPECT_FALSE(version_fits("1.2.3", "1."));
}

}  // namespace
}  // namespace ostler::plugin_host
