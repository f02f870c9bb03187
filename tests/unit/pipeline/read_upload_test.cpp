// SPDX-License-Identifier: Apache-2.0
// Source: reference/job-lifecycle.md 9.4, 9.5.
#include "pipeline/read_upload.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "pipeline/parse.hpp"

namespace ostler::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

UploadReading with(VariableTable variables) { return {.variables = std::move(variables)}; }

std::string json_of(std::string_view yaml, const UploadReading& how = with({})) {
  const auto read = read_upload(yaml, "p.yml", how);
  if (!read) return read.error().message();
  EXPECT_EQ(read.value().size(), 1u);
  return read.value().at(0).json;
}

/// The one step of a pipeline.
std::string step_of(std::string_view yaml) {
  const auto json = nlohmann::ordered_json::parse(json_of(yaml), nullptr, false);
  return json.is_discarded() ? json_of(yaml) : json["steps"].at(0).dump();
}

std::vector<std::string> warnings_of(std::string_view yaml) {
  const auto read = read_upload(yaml, "p.yml", with({}));
  return read ? read.value().at(0).warnings : std::vector<std::string>{read.error().message()};
}

TEST(ReadUpload, WrapsAListOfSteps) {
  EXPECT_EQ(json_of("- command: make\n- wait\n"), R"({"steps":[{"command":"make"},"wait"]})");
}

TEST(ReadUpload, KeepsWhatItDoesNotKnowInItsOrder) {
  EXPECT_EQ(json_of(R"(
notify: [{email: a@b}, slack]
steps:
  - {command: a, timeout_in_minutes: 5, zzz: {b: 1.50, a: [true, ~, "1", 0x10]}}
extra: yes
)"),
            R"({"notify":[{"email":"a@b"},"slack"],"steps":[{"command":"a",)"
            R"("timeout_in_minutes":5,"zzz":{"b":1.5,"a":[true,null,"1",16]}}],"extra":"yes"})");
}

TEST(ReadUpload, ResolvesAnchorsAndMerges) {
  EXPECT_EQ(json_of("x: &base {agents: {queue: q}}\nsteps:\n  - {command: a, <<: *base}\n"),
            R"({"x":{"agents":{"queue":"q"}},"steps":[{"command":"a","agents":{"queue":"q"}}]})");
}

TEST(ReadUpload, ReadsEveryDocument) {
  const auto read = read_upload("steps: [command: a]\n---\n---\n- command: b\n...\n", "p.yml", {});
  ASSERT_TRUE(read) << read.error().message();
  ASSERT_EQ(read.value().size(), 2u);
  EXPECT_EQ(read.value()[1].json, R"({"steps":[{"command":"b"}]})");
}

TEST(ReadUpload, InterpolatesKeysAndValuesButNotTypes) {
  const auto how = with({{"A", "1"}, {"K", "key"}});
  EXPECT_EQ(json_of("steps: [{command: 'echo $A', '${K}': $A, n: 1, label: 'x $$A \\$A'}]", how),
            R"({"steps":[{"command":"echo 1","key":"1","n":1,"label":"x $A $A"}]})");
}

TEST(ReadUpload, DefinesItsEnvInOrderOverTheVariablesThatAreThere) {
  EXPECT_EQ(json_of("steps: [command: '$A $B $C']\nenv: {A: new, B: '$A-b', C: 1}\n",
                    with({{"A", "old"}})),
            R"({"steps":[{"command":"new new-b 1"}],"env":{"A":"new","B":"new-b","C":"1"}})");
}

TEST(ReadUpload, LeavesSignaturesAndSecretsUninterpolated) {
  EXPECT_EQ(
      json_of("secrets: [$A]\nsteps: [{command: $A, signature: {value: $A}}]", with({{"A", "1"}})),
      R"({"secrets":[{"key":"$A","environment_variable":"$A"}],)"
      R"("steps":[{"command":"1","signature":{"value":"$A"}}]})");
}

TEST(ReadUpload, TakesTextAsItIsWithoutVariables) {
  EXPECT_EQ(json_of("env: {A: $B}\nsteps: [command: 'a $$ ${ \\$']", {}),
            R"({"env":{"A":"$B"},"steps":[{"command":"a $$ ${ \\$"}]})");
}

TEST(ReadUpload, SaysWhereInterpolationFails) {
  EXPECT_EQ(json_of("steps:\n  - command: ${A?is needed}\n"), "p.yml:2:14: $A: is needed");
}

TEST(ReadUpload, JoinsCommandsAndUsesOneNamePerAttribute) {
  EXPECT_EQ(step_of("[{commands: [a, 2, b], identifier: i, name: n}]"),
            R"({"command":"a\n2\nb","key":"i","label":"n"})");
  EXPECT_EQ(step_of("[{command: true, commands: x, key: k, id: i, label: l, name: n}]"),
            R"({"command":"true","key":"k","label":"l"})");
  EXPECT_EQ(step_of("[{wait: ~, id: w}]"), R"({"wait":null,"key":"w"})");
  EXPECT_EQ(step_of("[{group: ~, name: n, id: g, steps: [{commands: [a, b]}]}]"),
            R"({"group":"n","key":"g","steps":[{"command":"a\nb"}]})");
}

TEST(ReadUpload, WritesVariablesAsText) {
  EXPECT_EQ(step_of("[{command: a, env: {N: 1, B: true, E: ~, F: 1.10}}]"),
            R"({"command":"a","env":{"N":"1","B":"true","E":"","F":"1.1"}})");
  EXPECT_EQ(step_of("[{trigger: x, build: {env: {N: 1}}}]"),
            R"({"trigger":"x","build":{"env":{"N":"1"}}})");
}

TEST(ReadUpload, ListsPluginsWithTheirFullSources) {
  const std::string listed =
      R"({"plugins":[{"github.com/buildkite-plugins/a-buildkite-plugin#v1":null},)"
      R"({"github.com/org/b-buildkite-plugin":{"x":1}},{"./c":null}]})";
  EXPECT_EQ(step_of("[{plugins: [a#v1, {org/b: {x: 1}}, ./c]}]"), listed);
  EXPECT_EQ(step_of("[{plugins: {a#v1: ~, org/b: {x: 1}, ./c: ~}}]"), listed);
}

TEST(ReadUpload, KeepsTheTextsOfNumbersBelowPlugins) {
  const std::string numbers =
      R"({"a":1.10,"b":[1.0,18446744073709551616,{"c":12345678901234567.5}],"d":12,)"
      R"("signature":0.10,"t":".inf"})";
  const std::string listed = R"({"plugins":[{"./p":)" + numbers + "}]}";
  const std::string step =
      "{plugins: [{./p: {a: 1.10, b: [1.0, 18446744073709551616, {c: 12345678901234567.5}], "
      "d: 012, signature: 0.10, t: '.inf'}}]}";
  EXPECT_EQ(json_of("[" + step + "]"), R"({"steps":[)" + listed + "]}");
  EXPECT_EQ(json_of("{steps: [{group: g, steps: [" + step + "]}]}"),
            R"({"steps":[{"group":"g","steps":[)" + listed + "]}]}");
  EXPECT_EQ(json_of("x: &x " + step + "\nsteps: [*x]\n"),
            R"({"x":{"plugins":[{"./p":{"a":1.1,"b":[1,1.8446744073709552e+19,)"
            R"({"c":12345678901234568}],"d":10,"signature":0.1,"t":".inf"}}]},"steps":[)" +
                listed + "]}");
  EXPECT_EQ(json_of(json_of("[" + listed + "]"), {}), R"({"steps":[)" + listed + "]}");
}

TEST(ReadUpload, KeepsTheTextsOfNumbersInWhatItPrintsAndUploads) {
  const auto document =
      read_upload("[{plugins: [./p: {a: 1.10, b: 1.0, c: '.inf', d: 1e3}]}]", "p.yml", {})
          .value()
          .at(0);
  EXPECT_THAT(indented_json(document), HasSubstr("\"a\": 1.10,"));
  EXPECT_THAT(yaml(document), HasSubstr("a: 1.10\n"));
  EXPECT_EQ(json_of(indented_json(document), {}), document.json);
  EXPECT_EQ(json_of(yaml(document), {}), document.json) << yaml(document);
  EXPECT_EQ(parse_upload(document.json).value().steps.at(0).carried.plugins,
            R"([{"./p":{"a":1.10,"b":1.0,"c":".inf","d":1e3}}])");
}

TEST(ReadUpload, SaysWhereANumberHasNoJson) {
  EXPECT_EQ(json_of("[{plugins: [./p: {a: .inf}]}]"),
            "p.yml:1:22: .inf is a number that JSON does not have; as a text it stands in quotes");
}

TEST(ReadUpload, TakesPluginsByTheCoreSchemaOnlyWhereTheyAreThoseOfAStep) {
  EXPECT_EQ(json_of("plugins: [1.10]\nsteps: [{command: a, zzz: {plugins: 012}}]\n"),
            R"({"plugins":[1.1],"steps":[{"command":"a","zzz":{"plugins":10}}]})");
}

TEST(ReadUpload, ListsSecretsAsPairs) {
  EXPECT_EQ(step_of("[{command: a, secrets: [A]}]"),
            R"({"command":"a","secrets":[{"key":"A","environment_variable":"A"}]})");
  EXPECT_EQ(step_of("[{command: a, secrets: {V: K}}]"),
            R"({"command":"a","secrets":[{"key":"K","environment_variable":"V"}]})");
}

TEST(ReadUpload, WritesTheCacheOut) {
  EXPECT_EQ(step_of("[{command: a, cache: p}]"), R"({"command":"a","cache":{"paths":["p"]}})");
  EXPECT_EQ(step_of("[{command: a, cache: [p, q]}]"),
            R"({"command":"a","cache":{"paths":["p","q"]}})");
  EXPECT_EQ(step_of("[{command: a, cache: false}]"), R"({"command":"a","cache":false})");
}

TEST(ReadUpload, WarnsOfWhatIsOddAndUploadsIt) {
  EXPECT_THAT(warnings_of("steps: []"), ElementsAre("the pipeline has no steps"));
  EXPECT_THAT(warnings_of("env: {A: b}"), ElementsAre("the pipeline has no steps"));
  EXPECT_THAT(warnings_of("[command: a, {type: commands}, dance, {group: g, steps: [{x: y}]}]"),
              ElementsAre("step 2 has no known type; it is uploaded as it is",
                          "step 3 is no step; it is uploaded as it is",
                          "step 4 has no known type; it is uploaded as it is"));
  EXPECT_EQ(step_of("[{x: y, name: n}]"), R"({"x":"y","name":"n"})");
}

TEST(ReadUpload, RefusesWrongShapes) {
  const std::pair<const char*, const char*> cases[] = {
      {"text", "p.yml:1:1: this is no pipeline"},
      {"steps: {a: b}", "p.yml:1:8: steps must be a list"},
      {"env: [A]\nsteps: []", "p.yml:1:6: env must be a mapping"},
      {"[{command: a, env: [A]}]", "p.yml:1:20: env must be a mapping"},
      {"[{command: a, env: {A: [b]}}]", "p.yml:1:24: env A must be text"},
      {"[{command: [[a]]}]", "p.yml:1:13: command must be text"},
      {"[{command: a, plugins: x}]", "p.yml:1:24: plugins must be a list"},
      {"[{command: a, plugins: [[x]]}]", "p.yml:1:24: a plugin must be a name"},
      {"[{command: a, secrets: ~}]", "p.yml:1:24: secrets must be a list"},
      {"[{command: a, secrets: {A: ~}}]", "p.yml:1:28: secret A must name a key"},
      {"[{command: a, checkout: true}]", "p.yml:1:25: checkout must be a mapping"},
      {"steps: [", "p.yml:1:1: unreadable YAML"},
      {"a: &a [*a]", "p.yml:1:8: unreadable YAML"},
      {"{steps: []}, {steps: []}", "p.yml:1:12: unreadable YAML: text behind the end"}};
  for (const auto& [yaml, start] : cases) {
    EXPECT_TRUE(json_of(yaml).starts_with(start)) << json_of(yaml);
  }
}

TEST(ReadUpload, RefusesManyWrongVariablesSoon) {
  std::string yaml = "- command: a\n  env:\n";
  for (int i = 0; i < 20'000; ++i) yaml += "    A" + std::to_string(i) + ": []\n";
  const std::clock_t start = std::clock();
  EXPECT_THAT(json_of(yaml), HasSubstr("and 19900 more faults"));
  EXPECT_LT(std::clock() - start, 3 * CLOCKS_PER_SEC);
}

TEST(ReadUpload, LeavesIfChangedToWhoKnowsTheFiles) {
  EXPECT_EQ(step_of("[{command: a, if_changed: x}]"), R"({"command":"a","if_changed":"x"})");
}

TEST(ReadUpload, DoesNotMultiplyAliasesWithoutEnd) {
  std::string laughs = "a0: &a0 [~,~,~,~,~,~,~,~]\n";
  for (int i = 1; i < 20; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int n = 0; n < 7; ++n) laughs += "," + before;
    laughs += "]\n";
  }
  EXPECT_THAT(json_of(laughs), HasSubstr("grows beyond 64 MiB"));
}

TEST(ReadUpload, CountsNumbersThatAliasesMultiply) {
  // 62 MiB of lists, then 3 MiB of numbers.
  std::string yaml = "a0: &a0 [~,~,~,~,~,~,~,~]\n";
  for (const char* names : {"10", "21", "32", "43", "54"}) {
    const std::string before = std::string("*a") + names[1];
    yaml += std::string("a") + names[0] + ": &a" + names[0] + " [" + before;
    for (int n = 0; n < 7; ++n) yaml += "," + before;
    yaml += "]\n";
  }
  const std::string lists = "[*a5,*a5,*a4,*a4";
  std::string numbers = ",&n 0." + std::string(500, '1');
  for (int i = 0; i < 6'000; ++i) numbers += ",*n";
  const std::string plugins = "steps: [{command: a, plugins: [p: " + lists;
  EXPECT_THAT(json_of(yaml + plugins + numbers + "]]}]"), HasSubstr("grows beyond 64 MiB"));
}

TEST(ReadUpload, ReplacesBytesOfVariablesThatAreNoText) {
  EXPECT_EQ(json_of("[command: $A]", with({{"A", "x\xff"}})),
            "{\"steps\":[{\"command\":\"x\xef\xbf\xbd\"}]}");
}

TEST(ReadUpload, PrintsJsonAndYamlThatMeanTheSame) {
  const char* text = R"(
env: {A: "1", "true": "no", B: "x: y # z", C: "line\nline\n", D: "", E: "é \t\"q\""}
steps: [wait, {command: a, retries: 3, soft: true, none: ~, list: [], map: {}, s: ["null", "~"]}]
)";
  const auto document = read_upload(text, "p.yml", {}).value().at(0);
  EXPECT_THAT(indented_json(document), HasSubstr("{\n  \"env\": {\n    \"A\": \"1\","));
  EXPECT_EQ(json_of(indented_json(document), {}), document.json);
  EXPECT_EQ(json_of(yaml(document), {}), document.json) << yaml(document);
}

TEST(ReadUpload, IsReadByAHub) {
  const auto definition = parse_upload(
      json_of("agents: {queue: q}\nsteps: [{commands: [a, b], id: k, env: {N: 1}}, wait]"));
  ASSERT_TRUE(definition) << definition.error().message();
  EXPECT_EQ(definition.value().steps[0].command, "a\nb");
  EXPECT_EQ(definition.value().steps[0].key, "k");
}

}  // namespace
}  // namespace ostler::pipeline
