// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/permissions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::plugin_host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Permissions read(const std::string& json) {
  std::vector<std::string> faults;
  auto permissions = read_permissions(parse_json(json).value(), faults);
  EXPECT_THAT(faults, IsEmpty());
  return permissions;
}

std::string fault_of(const std::string& json) {
  std::vector<std::string> faults;
  read_permissions(parse_json(json).value(), faults);
  EXPECT_EQ(faults.size(), 1u);
  return faults.empty() ? "" : faults.front();
}

TEST(Permissions, NameServicesAndSecrets) {
  const auto permissions =
      read(R"({"services": ["annotation", "meta-data"], "secrets": ["A", {"config": "/key"}]})");
  EXPECT_THAT(permissions.services, ElementsAre("annotation", "meta-data"));
  EXPECT_EQ(describe(permissions),
            "does not see the workspace, no network, speaks for the job: annotation, meta-data, "
            "reads secrets: A, /key of the configuration");
  const auto config = parse_json(R"({"key": "B"})").value();
  EXPECT_THAT(permitted_secrets(permissions, config).value(), ElementsAre("A", "B"));
}

TEST(Permissions, SayWhatAddedStepsMayDo) {
  EXPECT_THAT(describe(read(R"({"services": ["pipeline"]})")), HasSubstr("run any command"));
}

TEST(Permissions, NameHosts) {
  const auto permissions = read(R"({"http": ["*.example.com", {"config": "/url"}]})");
  EXPECT_EQ(describe(permissions),
            "does not see the workspace, no network, asks by HTTP: *.example.com, /url of the "
            "configuration");
  const auto config = parse_json(R"({"url": "https://a.test/x", "other": "a b"})").value();
  EXPECT_THAT(permitted_hosts(permissions, config).value(),
              ElementsAre("*.example.com", "a.test:443"));
  EXPECT_FALSE(permitted_hosts(read(R"({"http": [{"config": "/other"}]})"), config));
  EXPECT_THAT(fault_of(R"({"http": ["Example.com"]})"), HasSubstr("Example.com: is no host"));
}

/// No pipeline turns a request of the plugin into one in the name of its job.
TEST(Permissions, NameTheServerOfTheJobThemselves) {
  const auto config = parse_json(R"({"url": "hub:"})").value();
  EXPECT_THAT(permitted_hosts(read(R"({"http": ["hub:"]})"), config).value(), ElementsAre("hub:"));
  EXPECT_FALSE(permitted_hosts(read(R"({"http": [{"config": "/url"}]})"), config));
}

TEST(Permissions, AskForNoSecretsUnlessTheySaySo) {
  EXPECT_FALSE(read("{}").secrets);
  EXPECT_TRUE(read(R"({"secrets": []})").secrets);
}

TEST(Permissions, NeedTheTextThatTheyPointTo) {
  const auto permissions = read(R"({"secrets": [{"config": "/key"}]})");
  for (const char* config : {"{}", R"({"key": 1})", R"({"key": ""})"}) {
    const auto names = permitted_secrets(permissions, parse_json(config).value());
    ASSERT_FALSE(names) << config;
    EXPECT_THAT(names.error().message(), HasSubstr("no text at /key"));
  }
}

TEST(Permissions, PointIntoTheConfigurationFromItsTop) {
  for (const char* key : {"http", "secrets", "secrets_put"}) {
    EXPECT_EQ(fault_of("{\"" + std::string(key) + R"(": [{"config": "url"}]})"),
              "permissions/" + std::string(key) +
                  R"(: {"config": "url"}: no JSON pointer: url, did you mean "/url"?)");
  }
  EXPECT_THAT(fault_of(R"({"http": [{"config": "/a~2"}]})"), HasSubstr("~ stands before 0 or 1"));
}

TEST(Permissions, NamePortsThatThereAre) {
  for (const char* wrong : {"a.example:0", "a.example:99999", "a.example:080"}) {
    EXPECT_THAT(fault_of(R"({"http": [")" + std::string(wrong) + "\"]}"),
                HasSubstr(std::string(wrong) + ": is no host"));
  }
}

TEST(Permissions, AreRefusedWithWhatWasMeant) {
  EXPECT_EQ(fault_of(R"({"services": ["metadata"]})"),
            "permissions/services: \"metadata\": no such service, did you mean \"meta-data\"?");
  EXPECT_EQ(
      fault_of(R"({"services": ["teleport"]})"),
      "permissions/services: \"teleport\": no such service; there are annotation, artifact, cache, "
      "listener, lock, meta-data, metric, pipeline, report, service, state");
  EXPECT_THAT(fault_of(R"({"services": [1]})"), HasSubstr("services: 1: no such service"));
  EXPECT_THAT(fault_of(R"({"services": "meta-data"})"), HasSubstr("must be a list"));
  for (const char* wrong : {"\"A\"", "[1]", "[\"\"]", R"([{"config": 1}])", R"([{"other": "/a"}])",
                            R"([{"config": "/a", "or": "b"}])"}) {
    EXPECT_THAT(fault_of(R"({"secrets": )" + std::string(wrong) + "}"),
                HasSubstr("permissions/secrets: must be a list"))
        << wrong;
  }
}

TEST(Permissions, NameTheSecretsThatItMaySet) {
  const auto permissions = read(R"({"secrets_put": ["TOKEN", {"config": "/key"}]})");
  EXPECT_EQ(permitted_puts(permissions, parse_json(R"({"key": "B_2"})").value()).value(),
            (std::vector<std::string>{"TOKEN", "B_2"}));
  EXPECT_THAT(describe(permissions),
              HasSubstr("sets secrets of the hub: TOKEN, /key of the configuration"));
  for (const char* config : {R"({"key": "no good"})", R"({"key": "BUILDKITE_X"})", "{}"}) {
    EXPECT_EQ(permitted_puts(permissions, parse_json(config).value()).error().code(),
              Errc::UserFault)
        << config;
  }
  EXPECT_THAT(fault_of(R"({"secrets_put": ["no good"]})"),
              HasSubstr("permissions/secrets_put: no good: is no name of a secret"));
  EXPECT_THAT(fault_of(R"({"secrets_put": "TOKEN"})"),
              HasSubstr("permissions/secrets_put: must be a list"));
  EXPECT_TRUE(read("{}").secrets_put.empty());
}

}  // namespace
}  // namespace ostler::plugin_host
