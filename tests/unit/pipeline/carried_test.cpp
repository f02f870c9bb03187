// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "pipeline/parse.hpp"

namespace ostler::pipeline {
namespace {

using testing::HasSubstr;

model::CarriedAttributes carried(const std::string& keys, const std::string& top = "") {
  const auto result = parse(top + "steps:\n- {command: a, " + keys + "}", {{"V", "v\"1"}});
  if (result) return result.value().steps.at(0).carried;
  ADD_FAILURE() << result.error().message();
  return {};
}
std::string carried_fault(const std::string& keys) {
  const auto result = parse("- {command: a, " + keys + "}", {});
  return result ? "none" : result.error().message();
}

TEST(Carried, PluginsHaveOneFormWhateverTheyAreWrittenLike) {
  EXPECT_EQ(carried("plugins: [\"docker#v1\", org/x: {a: 1, b: [true, \"1\", ~]}]").plugins,
            R"([{"github.com/buildkite-plugins/docker-buildkite-plugin#v1":null},)"
            R"({"github.com/org/x-buildkite-plugin":{"a":1,"b":[true,"1",null]}}])");
  EXPECT_EQ(carried("plugins: {\"a#1\": ~, \"./b\": {x: \"$V\"}}").plugins,
            R"([{"github.com/buildkite-plugins/a-buildkite-plugin#1":null},)"
            R"({"./b":{"x":"v\"1"}}])");
  for (const char* none : {"plugins: ~", "plugins: []", "plugins: {}"}) {
    EXPECT_EQ(carried(none).plugins, "");
  }
  EXPECT_EQ(parse("- plugins: [a]", {}).value().steps.at(0).kind, model::StepKind::Command);
}

/// The configuration of a plugin as its job has it.
std::string configuration(const std::string& yaml) {
  const std::string listed = carried("plugins: [{./p: " + yaml + "}]").plugins;
  return listed.substr(0, 8) == R"([{"./p":)" ? listed.substr(8, listed.size() - 10) : listed;
}

TEST(Carried, NumbersOfPluginsKeepTheirTexts) {
  for (const char* number :
       {"1.10", "1.0", "18446744073709551616", "123456789012345678901234567890",
        "12345678901234567.5", "-0.50", "1e3", "1E+05", "9223372036854775807", "100000.0e-1"}) {
    EXPECT_EQ(configuration(number), number);
    EXPECT_EQ(configuration("{a: [" + std::string(number) + "]}"),
              R"({"a":[)" + std::string(number) + "]}");
  }
}

TEST(Carried, ScalarsOfPluginsFollowTheCoreSchema) {
  const std::pair<const char*, const char*> cases[] = {{"012", "12"},
                                                       {"0o14", "12"},
                                                       {"0x1F", "31"},
                                                       {"+7", "7"},
                                                       {".5", "0.5"},
                                                       {"5.", "5.0"},
                                                       {"-0", "-0"},
                                                       {"TRUE", "true"},
                                                       {"1_000", "\"1_000\""},
                                                       {"0b11", "\"0b11\""},
                                                       {"yes", "\"yes\""},
                                                       {"on", "\"on\""},
                                                       {"12e4567", "\"12e4567\""},
                                                       {"\"4\"", "\"4\""},
                                                       {"'1.10'", "\"1.10\""},
                                                       {"~", "null"},
                                                       {"'.inf'", "\".inf\""},
                                                       {"$V", R"("v\"1")"},
                                                       {"!!str 4", "\"4\""}};
  for (const auto& [written, meant] : cases) EXPECT_EQ(configuration(written), meant) << written;
  for (const char* none : {".inf", "-.Inf", ".NaN"}) {
    EXPECT_THAT(carried_fault("plugins: [{./p: " + std::string(none) + "}]"),
                HasSubstr(std::string(none) + " is a number that JSON does not have"));
  }
}

TEST(Carried, AnImageOfThePipelineIsEveryStepsWithoutOne) {
  EXPECT_EQ(carried("image: \"debian:$V\"").image, "debian:v\"1");
  EXPECT_EQ(carried("label: L", "image: alpine\n").image, "alpine");
  EXPECT_EQ(carried("image: debian", "image: alpine\n").image, "debian");
}

TEST(Carried, ASignatureStaysAsItIs) {
  EXPECT_EQ(carried("signature: {algorithm: HS256, value: \"a..$V\", signed_fields: [command]}")
                .signature,
            R"({"algorithm":"HS256","value":"a..$V","signed_fields":["command"]})");
}

TEST(Carried, WhatHasNoEffectHereIsAccepted) {
  for (const char* keys :
       {"cache: a", "cache: [a, b]", "cache: {paths: [a], size: 20g}", "cache: false",
        "if_changed: \"**.go\"", "if_changed: [a, b]", "if_changed: {include: a, exclude: [b]}",
        "notify: [github_check, {slack: {channels: [\"#a\"], message: m}, if: \"true\"}]"}) {
    EXPECT_EQ(carried_fault(keys), "none") << keys;
  }
  EXPECT_TRUE(
      parse("cache: x\nnotify: [{webhook: \"https://x\"}, {email: a@b, if: "
            "pipeline.started_failing}]\nsteps: []\n",
            {}));
}

TEST(Carried, FaultsAreNamed) {
  EXPECT_THAT(carried_fault("plugins: [{\"ostler://hello#1\": null, name: Ada}]"),
              HasSubstr("\"name\" stands beside ostler://hello#1 as a plugin of its own"));
  EXPECT_EQ(carried_fault("plugins: [{\"ostler://hello#1\": {name: Ada}, other: {}}]"), "none");
  EXPECT_EQ(carried_fault("plugins: [{\"ostler://hello#1\": null, \"docker#v1\": {}}]"), "none");
  EXPECT_THAT(carried_fault("plugins: docker"), HasSubstr("plugins must be a list; write \"- \""));
  EXPECT_THAT(carried_fault("plugins: [7]"), HasSubstr("a plugin must be a name, or a mapping"));
  EXPECT_THAT(carried_fault("signature: x"), HasSubstr("signature must be a mapping"));
  EXPECT_THAT(carried_fault("notify: slack"), HasSubstr("notify must be a list"));
  EXPECT_THAT(carried_fault("notify: [{slack: x, if: build.nope}]"),
              HasSubstr("there is no \"build.nope"));
  EXPECT_THAT(carried_fault("matrix: [a], plugins: [{x: {y: \"{{matrix.os}}\"}}]"),
              HasSubstr("{{matrix.os}} names no dimension"));
}

}  // namespace
}  // namespace ostler::pipeline
