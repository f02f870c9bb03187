// SPDX-License-Identifier: Apache-2.0
#include "open_api_document.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "base/assert.hpp"

namespace ostler::rest_api {
namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

std::string lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

}  // namespace

/// Each is read once: by its own text.
struct OpenApiDocument::Schemas {
  std::map<std::string, std::unique_ptr<valijson::Schema>> by_text;
};

const OpenApiDocument& OpenApiDocument::get() {
  static const OpenApiDocument document;
  return document;
}

OpenApiDocument::OpenApiDocument() : schemas_(std::make_unique<Schemas>()) {
  const char* source = std::getenv("OSTLER_SOURCE_DIR");
  OSTLER_ASSERT(source != nullptr);
  std::ifstream file(std::string(source) + "/agent/hub/rest_api/openapi.json");
  json_ = nlohmann::json::parse(file);
}

OpenApiDocument::~OpenApiDocument() = default;

std::string OpenApiDocument::path_of(std::string_view pattern) {
  std::string path = "/";
  bool is_name = false;
  for (const char c : pattern) {
    if (c == ':') {
      is_name = true;
      path += '{';
      continue;
    }
    if (c == '/' && is_name) path += '}';
    if (c == '/') is_name = false;
    path += c;
  }
  return is_name ? path + '}' : path;
}

const nlohmann::json& OpenApiDocument::operation(std::string_view method,
                                                 std::string_view pattern) const {
  static const nlohmann::json none;
  const auto& paths = json_.at("paths");
  const auto path = paths.find(path_of(pattern));
  if (path == paths.end()) return none;
  const auto found = path->find(lower(method));
  return found == path->end() ? none : *found;
}

const nlohmann::json& OpenApiDocument::resolved(const nlohmann::json& value) const {
  const auto reference = value.find("$ref");
  if (reference == value.end()) return value;
  return json_.at(nlohmann::json::json_pointer(reference->get<std::string>().substr(1)));
}

std::string OpenApiDocument::fault_in(std::string_view method, std::string_view pattern, int status,
                                      const std::string& content_type,
                                      const std::string& body) const {
  const auto& answers = operation(method, pattern).at("responses");
  const auto named = answers.find(std::to_string(status));
  if (named == answers.end() && status < 300 && status != 206) {
    return "the document does not have status " + std::to_string(status);
  }
  // A part of a log is a success with the form of the whole.
  const auto& answer =
      resolved(named != answers.end() ? *named : answers.at(status == 206 ? "200" : "default"));
  if (!answer.contains("content")) return body.empty() ? "" : "there is a body";
  const std::string type = content_type.substr(0, content_type.find(';'));
  const auto form = answer.at("content").find(type);
  if (form == answer.at("content").end()) return "the document does not have " + type;
  if (type != "application/json") return {};
  const auto value = nlohmann::json::parse(body, nullptr, false);
  if (value.is_discarded()) return "the body is not JSON";
  return fault_against(form->at("schema"), value);
}

std::string OpenApiDocument::fault_against(const nlohmann::json& wanted,
                                           const nlohmann::json& value) const {
  auto& schema = schemas_->by_text[wanted.dump()];
  if (!schema) {
    const nlohmann::json whole = {{"allOf", {wanted}}, {"components", json_.at("components")}};
    schema = std::make_unique<valijson::Schema>();
    valijson::SchemaParser().populateSchema(Adapter(whole), *schema);
  }
  valijson::ValidationResults results;
  valijson::Validator validator;
  if (validator.validate(*schema, Adapter(value), &results)) return {};
  std::string faults;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    for (const auto& step : error.context) faults += step;
    faults += ": " + error.description + "\n";
  }
  return faults;
}

}  // namespace ostler::rest_api
