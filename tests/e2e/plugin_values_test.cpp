// SPDX-License-Identifier: Apache-2.0
// What a step plugin has of the numbers and variables of a pipeline, on each way to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "e2e/python_plugin.hpp"
#include "support/agent_process.hpp"
#include "support/child_program.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

/// Each form of a plain scalar, and all of them as the plugin has them.
constexpr const char* kForms =
    "{a: 1.10, b: 1.0, c: 18446744073709551616, d: 123456789012345678901234567890, "
    "e: 12345678901234567.5, f: 012, g: 1_000, h: 0b11, i: 0o14, j: 0x1F, k: yes, l: on, "
    "m: TRUE, n: ~, o: \"4\", p: .5, q: 1e3, r: -0}";
constexpr const char* kMeant =
    R"({"a":1.10,"b":1.0,"c":18446744073709551616,"d":123456789012345678901234567890,)"
    R"("e":12345678901234567.5,"f":12,"g":"1_000","h":"0b11","i":12,"j":31,"k":"yes","l":"on",)"
    R"("m":true,"n":null,"o":"4","p":0.5,"q":1e3,"r":-0})";

/// A plugin in Python that says which configuration it has.
support::PythonPlugin echo(const std::string& schema) {
  return {.id = "echo",
          .source =
              "run('echo', '1.0.0', lambda step: "
              "passed('has ' + step.ask('ostler.config/1/json', '')))\n",
          .configuration = schema};
}

/// Of an agent, which takes a state directory that is there before it.
class EchoStore {
 public:
  EchoStore() {
    support::install_plugin(directory_ / "state", echo(R"({"type": "object", "properties": {
        "from": {"type": "integer", "minimum": 1}, "loud": {"type": "boolean"},
        "ratio": {"type": ["number", "null"]}, "text": {"type": "string"}}})"));
  }

 protected:
  const support::TempDirectory directory_;
};

class PluginValues : public EchoStore, public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  }
  /// The log of the only job of a key.
  std::string log_of(const json& build, const std::string& key) const {
    for (std::size_t i = 0; i < build["jobs"].size(); ++i) {
      if (build["jobs"][i]["step_key"] == key) return support::plain_log(hub_.log("app", 1, i));
    }
    return "no job of " + key + " in " + build.dump(1);
  }
  json built(const std::string& steps) const {
    hub_.make_pipeline("app",
                       "env: {BUILDKITE_SKIP_CHECKOUT: \"true\", N: \"4\"}\nsteps:\n" + steps);
    return hub_.finished_build("app", hub_.make_build("app"), 120s).value();
  }

  support::HubProcess hub_{directory_.path()};
  support::AgentProcess agent_{hub_, directory_.path()};
};

TEST_F(PluginValues, HaveTheirTextsFromAPipelineAndFromUploads) {
  const std::string forms = kForms;
  const json build = built("  - {key: kept, plugins: [ostler://echo#1: " + forms + R"(]}
  - command: |
      cat > up.yml << 'END'
      - {key: yaml, plugins: [ostler://echo#1: )" +
                           forms + R"(]}
      END
      cat > up.json << 'END'
      {"steps": [{"key": "json", "plugins": [{"ostler://echo#1": )" +
                           kMeant + R"(}]}]}
      END
      buildkite-agent pipeline upload up.yml up.json
)");
  EXPECT_EQ(build["state"], "passed") << build.dump(1);
  const std::string said = std::string("echo#1.0.0 passed: has ") + kMeant;
  for (const char* key : {"kept", "yaml", "json"}) {
    EXPECT_THAT(log_of(build, key), HasSubstr(said)) << key;
  }
}

TEST_F(PluginValues, OfVariablesAreWhatTheSchemaWants) {
  const json build = built(R"yaml(
  - key: kept
    matrix: ["2.50"]
    plugins:
      - ostler://echo#1: {from: "${N}", loud: $BUILDKITE_PULL_REQUEST, ratio: "{{matrix}}", text: $N, other: $N}
  - key: wrong
    soft_fail: true
    plugins:
      - ostler://echo#1: {from: "${N}x"}
  - key: low
    soft_fail: true
    matrix: ["0"]
    plugins:
      - ostler://echo#1: {from: "{{matrix}}"}
  - command: |
      buildkite-agent pipeline upload << 'END'
      - {key: yaml, plugins: [ostler://echo#1: {from: "$$N", loud: "$$BUILDKITE_PULL_REQUEST"}]}
      END
)yaml");
  EXPECT_EQ(build["state"], "passed") << build.dump(1);
  EXPECT_THAT(log_of(build, "kept"),
              HasSubstr(R"(has {"from":4,"loud":false,"other":"4","ratio":2.50,"text":"4"})"));
  EXPECT_THAT(log_of(build, "yaml"), HasSubstr(R"(has {"from":4,"loud":false})"));
  EXPECT_THAT(log_of(build, "wrong"),
              HasSubstr("/from: must be a whole number, is the string \"4x\""));
  EXPECT_THAT(log_of(build, "low"), HasSubstr("/from: must be at least 1, is 0"));
}

/// `ostler run`, which prints the pipeline for a hub of its own.
class PluginValuesHere : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
    support::write_plugin(directory_ / "store/echo/1.0.0", echo(R"({"type": "object"})"));
  }
  support::ProgramResult ran(const std::string& file, const std::string& text) const {
    const fs::path tree = directory_ / "tree";
    fs::create_directory(tree);
    std::ofstream(tree / file) << text;
    support::ProgramOptions options;
    options.directory = tree;
    options.environment["OSTLER_PLUGIN_STORE"] = directory_ / "store";
    support::run_program({"git", "init", "-q", "-b", "main"}, options);
    support::run_program({"git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q",
                          "--allow-empty", "-m", "first"},
                         options);
    return support::run_program({support::ostler_program(), "run", file}, options);
  }

  const support::TempDirectory directory_;
};

TEST_F(PluginValuesHere, HaveTheirTextsFromYaml) {
  const auto yaml =
      ran("p.yml", "steps: [{plugins: [ostler://echo#1: " + std::string(kForms) + "]}]\n");
  EXPECT_EQ(yaml.code, 0) << yaml.out << yaml.err;
  EXPECT_THAT(yaml.out, HasSubstr(std::string("has ") + kMeant));
}

TEST_F(PluginValuesHere, HaveTheirTextsFromJson) {
  const auto json = ran("p.json", R"({"steps": [{"plugins": [{"ostler://echo#1": )" +
                                      std::string(kMeant) + "}]}]}\n");
  EXPECT_EQ(json.code, 0) << json.out << json.err;
  EXPECT_THAT(json.out, HasSubstr(std::string("has ") + kMeant));
}

}  // namespace
}  // namespace ostler
