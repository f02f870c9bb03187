// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace ostler::rest_api {

/// The document of the API as it is in the source, for comparing answers with it.
class OpenApiDocument {
 public:
  static const OpenApiDocument& get();
  ~OpenApiDocument();

  const nlohmann::json& json() const { return json_; }
  /// The operation of a route; null when the document lacks it.
  const nlohmann::json& operation(std::string_view method, std::string_view pattern) const;
  /// "/organizations/{org}" of "organizations/:org".
  static std::string path_of(std::string_view pattern);

  /// What is wrong with an answer of the route; empty: nothing.
  std::string fault_in(std::string_view method, std::string_view pattern, int status,
                       const std::string& content_type, const std::string& body) const;

 private:
  OpenApiDocument();
  const nlohmann::json& resolved(const nlohmann::json& value) const;
  std::string fault_against(const nlohmann::json& schema, const nlohmann::json& value) const;

  nlohmann::json json_;
  struct Schemas;
  std::unique_ptr<Schemas> schemas_;
};

}  // namespace ostler::rest_api
