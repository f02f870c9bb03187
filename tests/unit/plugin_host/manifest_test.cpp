// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ostler::plugin_host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

nlohmann::json good() {
  return {{"id", "greet"},
          {"version", "1.2.3-rc.1"},
          {"kind", "step"},
          {"abi", "0.2"},
          {"description", "Says hello"},
          {"library", "greet.so"},
          {"files", {{"greet.so", std::string(64, 'a')}}},
          {"permissions", {{"workspace", "write"}, {"network", "direct"}}},
          {"configuration", {{"type", "object"}}}};
}

std::vector<std::string> faults_of(const nlohmann::json& document) {
  std::vector<std::string> faults;
  EXPECT_EQ(read_manifest(document.dump(), faults).has_value(), faults.empty());
  return faults;
}

TEST(Manifest, IsReadWhole) {
  std::vector<std::string> faults;
  const auto manifest = read_manifest(good().dump(), faults);
  ASSERT_TRUE(manifest) << faults.front();
  EXPECT_EQ(manifest->reference(), "greet#1.2.3-rc.1");
  EXPECT_EQ(manifest->sha256_of("greet.so"), std::string(64, 'a'));
  EXPECT_EQ(manifest->permissions.workspace, WorkspaceAccess::Write);
  EXPECT_TRUE(manifest->permissions.network);
  EXPECT_TRUE(manifest->schema);
}

TEST(Manifest, AsksForNothingByDefault) {
  nlohmann::json document = good();
  document.erase("permissions");
  document.erase("configuration");
  std::vector<std::string> faults;
  const auto manifest = read_manifest(document.dump(), faults);
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->permissions.workspace, WorkspaceAccess::None);
  EXPECT_FALSE(manifest->permissions.network);
  EXPECT_FALSE(manifest->schema);
}

TEST(Manifest, RefusesEachFieldThatIsWrong) {
  const std::pair<const char*, nlohmann::json> wrong[] = {
      {"id", "Greet"},        {"id", ""},        {"version", "1.2"},  {"version", "1.2.x"},
      {"version", ".1.2"},    {"kind", "hook"},  {"abi", "0.1"},      {"description", "a\nb"},
      {"library", "../a.so"}, {"files", "none"}, {"configuration", 1}};
  for (const auto& [field, value] : wrong) {
    nlohmann::json document = good();
    document[field] = value;
    EXPECT_THAT(faults_of(document), testing::Contains(HasSubstr(field))) << field << value;
  }
}

TEST(Manifest, SaysWhyAVersionHasNoBuildMetadata) {
  nlohmann::json document = good();
  for (const char* version : {"1.0.0+b", "1.0.0-rc.1+b", "+"}) {
    document["version"] = version;
    EXPECT_THAT(faults_of(document), ElementsAre(HasSubstr("without build metadata"))) << version;
  }
  for (const char* version : {"01.0.0", "1.0.0-"}) {
    document["version"] = version;
    EXPECT_THAT(faults_of(document), ElementsAre(HasSubstr("such as 1.2.3"))) << version;
  }
  document["version"] = "1.0.0-" + std::string(58, 'a');
  EXPECT_TRUE(faults_of(document).empty());
  document["version"] = "1.0.0-" + std::string(59, 'a');
  EXPECT_FALSE(faults_of(document).empty());
}

TEST(Manifest, SaysThatProvidersAreReserved) {
  nlohmann::json document = good();
  document["kind"] = "provider";
  EXPECT_THAT(faults_of(document), ElementsAre(HasSubstr("reserved and not yet loadable")));
}

TEST(Manifest, RefusesAPermissionThatThisHostDoesNotKnow) {
  nlohmann::json document = good();
  document["permissions"]["secrets"] = "all";
  EXPECT_THAT(faults_of(document), ElementsAre(HasSubstr("permissions/secrets")));
}

TEST(Manifest, AsksForCommandsByTheirProfile) {
  nlohmann::json document = good();
  document["permissions"]["commands"] = "host";
  std::vector<std::string> faults;
  const auto manifest = read_manifest(document.dump(), faults);
  ASSERT_TRUE(manifest) << faults.front();
  EXPECT_EQ(manifest->permissions.commands, CommandProfile::Host);
  EXPECT_THAT(describe(manifest->permissions), HasSubstr("runs commands with all rights"));
  document["permissions"]["commands"] = "workspace";
  const auto confined = read_manifest(document.dump(), faults);
  ASSERT_TRUE(confined) << faults.front();
  EXPECT_EQ(confined->permissions.commands, CommandProfile::Workspace);
  EXPECT_THAT(describe(confined->permissions), HasSubstr("read and write the workspace"));
  document["permissions"]["commands"] = true;
  EXPECT_THAT(faults_of(document),
              ElementsAre(HasSubstr("must be \"none\", \"workspace\" or \"host\"")));
}

TEST(Manifest, AsksForADirectoryThatStays) {
  nlohmann::json document = good();
  std::vector<std::string> faults;
  EXPECT_FALSE(read_manifest(document.dump(), faults)->permissions.host_directory);
  document["permissions"]["host_directory"] = "write";
  const auto manifest = read_manifest(document.dump(), faults);
  ASSERT_TRUE(manifest) << faults.front();
  EXPECT_TRUE(manifest->permissions.host_directory);
  EXPECT_THAT(describe(manifest->permissions), HasSubstr("keeps files on this host"));
  document["permissions"]["host_directory"] = "read";
  EXPECT_THAT(faults_of(document),
              ElementsAre("permissions/host_directory: must be \"none\" or \"write\""));
}

TEST(Manifest, NamesAnInterpreter) {
  nlohmann::json document = good();
  document["runtime"] = "exec";
  document["interpreter"] = {"python3", "-I"};
  std::vector<std::string> faults;
  const auto manifest = read_manifest(document.dump(), faults);
  ASSERT_TRUE(manifest) << faults.front();
  EXPECT_THAT(manifest->interpreter, ElementsAre("python3", "-I"));
}

TEST(Manifest, RefusesAnInterpreterThatCannotBe) {
  nlohmann::json document = good();
  document["interpreter"] = {"python3"};
  EXPECT_THAT(faults_of(document), ElementsAre(HasSubstr("runtime")));
  document["runtime"] = "exec";
  for (const char* other : {R"("python3")", "[]", "[1]", R"([""])", R"(["a", "b\u0000"])"}) {
    document["interpreter"] = nlohmann::json::parse(other);
    EXPECT_THAT(faults_of(document), ElementsAre(HasSubstr("interpreter"))) << other;
  }
  document["interpreter"] = {"bin/python3"};
  EXPECT_THAT(faults_of(document), ElementsAre(HasSubstr("neither a name nor an absolute path")));
  document.erase("interpreter");
  std::vector<std::string> none;
  const auto itself = read_manifest(document.dump(), none);
  ASSERT_TRUE(itself) << none.front();
  EXPECT_TRUE(itself->is_program);
  EXPECT_TRUE(itself->interpreter.empty());
}

TEST(Manifest, WantsADigestOfItsLibrary) {
  nlohmann::json document = good();
  document["files"] = {{"other", std::string(64, 'b')}};
  EXPECT_THAT(faults_of(document), ElementsAre(HasSubstr("no SHA-256 of greet.so")));
  document["files"] = {{"greet.so", "AB"}};
  EXPECT_THAT(faults_of(document), ElementsAre(HasSubstr("files/greet.so")));
}

TEST(Manifest, ListsFilesThatLieBesideItAndNoOthers) {
  nlohmann::json document = good();
  for (const char* name : {"../words", "data/words", "..", ".hidden", "/words", "plugin.json",
                           "plugin.json.sig", ""}) {
    document["files"] = {{"greet.so", std::string(64, 'a')}, {name, std::string(64, 'b')}};
    EXPECT_THAT(faults_of(document), ElementsAre(HasSubstr("files/" + std::string(name)))) << name;
  }
}

TEST(Manifest, HoldsItsPermissionsAgainstItsSchema) {
  nlohmann::json document = good();
  document["permissions"]["http"] = {{{"config", "/url"}}};
  document["configuration"]["properties"]["url"]["type"] = "integer";
  EXPECT_THAT(faults_of(document), ElementsAre(HasSubstr("permissions/http: /url")));
  document["configuration"]["properties"]["url"]["type"] = "string";
  EXPECT_THAT(faults_of(document), testing::IsEmpty());
  document.erase("configuration");
  EXPECT_THAT(faults_of(document), ElementsAre(HasSubstr("there is no \"configuration\"")));
}

TEST(Manifest, RefusesASchemaThatIsNone) {
  nlohmann::json document = good();
  document["configuration"] = {{"tipe", "object"}};
  EXPECT_THAT(faults_of(document), ElementsAre(HasSubstr("configuration/tipe")));
}

}  // namespace
}  // namespace ostler::plugin_host
