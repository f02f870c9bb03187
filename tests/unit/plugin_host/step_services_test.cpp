// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_services.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "environment/protected.hpp"
#include "files/file.hpp"
#include "plugin_host/refused_variables.hpp"

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

TEST(StepServices, RefuseEveryVariableThroughWhichAPluginWouldLeaveItsBox) {
  for (const char* name : {"LD_PRELOAD",
                           "PATH",
                           "BASH_ENV",
                           "BASH_FUNC_ls%%",
                           "BASH_FUNC_/bin/ls%%",
                           "ENV",
                           "SHELLOPTS",
                           "IFS",
                           "PS4",
                           "GIT_SSH_COMMAND",
                           "HTTPS_PROXY",
                           "http_proxy",
                           "SSL_CERT_FILE",
                           "OPENSSL_CONF",
                           "SSLKEYLOGFILE",
                           "HOSTALIASES",
                           "PYTHONPATH",
                           "PERL5LIB",
                           "RUBYOPT",
                           "NODE_OPTIONS",
                           "DYLD_INSERT_LIBRARIES",
                           "HOME",
                           "TMPDIR",
                           "BUILDKITE_ARTIFACT_PATHS",
                           "BUILDKITE_REDACTED_VARS",
                           "OSTLER_PLUGIN_ALLOW"}) {
    EXPECT_EQ(answer("ostler.environment/1/set", name, "x"), "denied") << name;
  }
  for (const auto& protection : environment::protections()) {
    EXPECT_NE(refusal_of(protection.name), nullptr) << protection.name;
  }
  for (const char* name : {"MADE", "MY_PATH", "PATHS", "HOMES", "ENVIRONMENT", "PROXY"}) {
    EXPECT_EQ(answer("ostler.environment/1/set", name, "x"), "") << name;
  }
}

TEST(StepServices, SayWhatToDoInPlaceOfAVariableThatIsRefused) {
  StepServices of = services();
  EXPECT_EQ(of.answer("ostler.environment/1/set", "LD_PRELOAD", "x").error().message(),
            "a step plugin may not set LD_PRELOAD: the loader of every later program obeys it; set "
            "another name and let the command use it, or set it in the pipeline");
}

TEST(StepServices, DocumentEachVariableThatIsRefused) {
  const std::string root = std::getenv("OSTLER_SOURCE_DIR");
  for (const char* document : {"/agent/docs/step-plugins.md", "/sdk/README.md"}) {
    const std::string text = files::read_file(root + document).value();
    for (const auto& refused : refused_variables()) {
      const std::string quoted = "`" + std::string(refused.pattern) + "`";
      EXPECT_NE(text.find(quoted), text.npos) << document << " lacks " << refused.pattern;
    }
  }
}

class ServicesWithSecrets : public StepServices {
 public:
  using StepServices::StepServices;
  bool is_kept_for_good(const std::string& name) const override { return name == "A_TOKEN"; }
};

TEST(StepServices, CountEachValueOfASecretForItIsNeverForgotten) {
  ServicesWithSecrets of(parse_json("{}").value(), {});
  const std::string value(100 << 10, 'v');
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(of.answer("ostler.environment/1/set", "A_TOKEN", value));
  }
  EXPECT_FALSE(of.answer("ostler.environment/1/set", "A_TOKEN", value));
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
