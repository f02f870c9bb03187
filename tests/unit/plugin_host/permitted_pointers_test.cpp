// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/permitted_pointers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::plugin_host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> faults_of(const std::string& permissions, const std::string& schema) {
  std::vector<std::string> faults;
  const auto read = read_permissions(parse_json(permissions).value(), faults);
  EXPECT_THAT(faults, IsEmpty());
  auto parsed = parse_json(schema).value();
  check_pointers(read, schema == "null" ? std::nullopt : std::optional(std::move(parsed)), faults);
  return faults;
}

/// Of what the configuration names as a host.
std::vector<std::string> faults_at(const std::string& pointer, const std::string& schema) {
  return faults_of(R"({"http": [{"config": ")" + pointer + R"("}]})", schema);
}

constexpr const char* kServer = R"({"type": "object", "additionalProperties": false,
  "properties": {
    "url": {"type": "string"}, "port": {"type": "integer"}, "mode": {"enum": [1, true]},
    "any": {}, "name": {"type": ["null", "string"]}, "no": false,
    "server": {"$ref": "#/definitions/server"},
    "mirrors": {"type": "array", "items": {"type": "string"}},
    "pair": {"type": "array", "items": [{"type": "string"}, {"type": "number"}]}},
  "definitions": {"server": {"type": "object", "additionalProperties": {"type": "boolean"},
    "patternProperties": {"^url": {"type": "string"}}, "allOf": [
      {"properties": {"host": {"type": "string"}, "url-2": {"const": 7}}}],
    "properties": {"host": {}}}}})";

TEST(PermittedPointers, LeadToTexts) {
  for (const char* fine : {"/url", "/any", "/name", "/server/url", "/server/host", "/mirrors/0",
                           "/pair/0", "/pair/2", "/any/0/x"}) {
    EXPECT_THAT(faults_at(fine, kServer), IsEmpty()) << fine;
  }
}

TEST(PermittedPointers, AreRefusedWhereNoTextCanBe) {
  const std::pair<const char*, const char*> wrong[] = {
      {"/port", "leads to a whole number, must lead to a string"},
      {"/mode", "leads to one of 1, true, must lead to a string"},
      {"/server", "leads to a mapping, must"},
      {"/mirrors", "leads to a list, must"},
      {"/porl", "no such key, did you mean \"port\"?"},
      {"/no", "no such key"},
      {"/url/host", "leads to nothing"},
      {"/mirrors/first", "leads to nothing"},
      {"/pair/1", "leads to a number, must"},
      {"/server/other", "leads to true or false, must"},
      {"/server/url-2", "leads to 7, must"}};
  for (const auto& [pointer, said] : wrong) {
    EXPECT_THAT(faults_at(pointer, kServer),
                ElementsAre(testing::AllOf(
                    testing::StartsWith(std::string("permissions/http: ") + pointer + " of the"),
                    HasSubstr(said))))
        << pointer;
  }
}

TEST(PermittedPointers, NeedAConfiguration) {
  EXPECT_THAT(faults_at("/url", "null"), ElementsAre(HasSubstr("there is no \"configuration\"")));
  EXPECT_THAT(faults_of(R"({"http": ["a.example"], "secrets": ["A"]})", "null"), IsEmpty());
}

TEST(PermittedPointers, AreThoseOfEveryPermission) {
  EXPECT_THAT(
      faults_of(R"({"http": [{"config": "/port"}], "secrets": ["A", {"config": "/port"}],
                            "secrets_put": [{"config": "/port"}, {"config": "/url"}]})",
                kServer),
      ElementsAre(HasSubstr("permissions/http: /port"), HasSubstr("permissions/secrets: /port"),
                  HasSubstr("permissions/secrets_put: /port")));
}

TEST(PermittedPointers, AreNotJudgedByWhatMayNotHold) {
  EXPECT_THAT(faults_at("/a", R"({"anyOf": [{"properties": {"a": {"type": "integer"}}}, {}],
                                  "if": {"required": ["b"]},
                                  "then": {"properties": {"a": {"type": "integer"}}}})"),
              IsEmpty());
}

}  // namespace
}  // namespace ostler::plugin_host
