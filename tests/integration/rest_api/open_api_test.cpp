// SPDX-License-Identifier: Apache-2.0
// The document of the API. The fixture compares every answer of every test with it.
#include <set>

#include "hub/rest_api/routes.hpp"
#include "open_api_document.hpp"
#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;

TEST(OpenApi, HasEveryRouteWithItsScope) {
  for (const Route& route : routes()) {
    const std::string name = std::string(route.method) + " " + std::string(route.pattern);
    const json& operation = OpenApiDocument::get().operation(route.method, route.pattern);
    ASSERT_FALSE(operation.is_null()) << name << " is not in agent/hub/rest_api/openapi.json";
    EXPECT_FALSE(operation.at("summary").get<std::string>().empty()) << name;
    json wanted = json::array();
    if (route.scope == kAnyToken) wanted = {{{"token", json::array()}}};
    if (route.scope != kAnyToken && route.scope != kNoToken) {
      wanted = {{{"token", {std::string(route.scope)}}}};
    }
    EXPECT_EQ(operation.at("security"), wanted) << name;
  }
}

TEST(OpenApi, HasNothingElse) {
  std::set<std::string> served;
  for (const Route& route : routes()) {
    std::string method(route.method);
    std::ranges::transform(method, method.begin(), ::tolower);
    served.insert(method + " " + OpenApiDocument::path_of(route.pattern));
  }
  for (const auto& [path, item] : OpenApiDocument::get().json().at("paths").items()) {
    for (const auto& [method, operation] : item.items()) {
      if (method != "parameters") EXPECT_TRUE(served.contains(method + " " + path)) << path;
    }
  }
}

/// Every "$ref" in a value.
void collect_references(const json& value, std::set<std::string>& into) {
  if (!value.is_structured()) return;
  if (value.is_object() && value.contains("$ref")) into.insert(value.at("$ref"));
  for (const json& part : value) collect_references(part, into);
}

TEST(OpenApi, RefersToWhatItHasAndHasWhatItRefersTo) {
  const json& document = OpenApiDocument::get().json();
  std::set<std::string> references;
  collect_references(document, references);
  for (const std::string& reference : references) {
    EXPECT_TRUE(document.contains(json::json_pointer(reference.substr(1)))) << reference;
  }
  for (const char* kind : {"parameters", "responses", "schemas"}) {
    for (const auto& [name, part] : document.at("components").at(kind).items()) {
      EXPECT_TRUE(references.contains("#/components/" + std::string(kind) + "/" + name)) << name;
    }
  }
}

TEST(OpenApi, FindsFaultsInAnswers) {
  const auto& document = OpenApiDocument::get();
  const auto fault = [&](const std::string& body) {
    return document.fault_in("GET", "meta", 200, "application/json; charset=utf-8", body);
  };
  EXPECT_EQ(fault(R"({"webhook_ips": []})"), "");
  EXPECT_NE(fault(R"({"webhook_ips": [7]})"), "");
  EXPECT_NE(fault("{}"), "");
  EXPECT_NE(fault("[]"), "");
  EXPECT_NE(document.fault_in("GET", "meta", 201, "application/json", "{}"), "");
  EXPECT_NE(document.fault_in("GET", "meta", 404, "application/json", "{}"), "");
  EXPECT_NE(document.fault_in("GET", "meta", 200, "text/html", ""), "");
}

class ServedOpenApi : public RestFixture {};

TEST_F(ServedOpenApi, IsForEverybody) {
  const Reply reply = send("GET", "/openapi.json", {});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.json(), OpenApiDocument::get().json());
}

}  // namespace
}  // namespace ostler::rest_api
