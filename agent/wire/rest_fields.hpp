// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/pipeline_definition.hpp"
#include "wire/rest_error.hpp"

namespace ostler::wire {

/// Reads the fields of a request's body and collects what is wrong with them. An absent or null
/// field leaves the variable alone; unknown fields are ignored. A `read` is false when the field
/// has another type, which is a fault.
class RestFields {
 public:
  /// `object` is a JSON object and outlives the reader; `prefix` goes before names in faults.
  explicit RestFields(const nlohmann::json& object, std::string prefix = "")
      : object_(object), prefix_(std::move(prefix)) {}

  bool has(std::string_view name) const { return find(name) != nullptr; }
  /// Whether the field is the number 0.
  bool is_zero(std::string_view name) const;
  bool read(std::string_view name, std::string& into);
  bool read(std::string_view name, bool& into);
  /// A whole number of at least 1.
  bool read(std::string_view name, std::optional<int>& into);
  bool read(std::string_view name, std::vector<std::string>& into);
  /// An object of strings; numbers and booleans become their JSON text.
  bool read(std::string_view name, model::Variables& into);
  /// A string, or a whole number as its decimal text.
  bool read_text_or_number(std::string_view name, std::string& into);
  /// The field when it is an object; nullptr when absent or null, or of another type: a fault.
  const nlohmann::json* object(std::string_view name);

  /// Adds a fault of the caller's own, with the value that was sent. Always false.
  bool fail(std::string_view name, std::string_view code);
  /// Adds the fault "missing" when the field is absent, null or a blank string.
  void require(std::string_view name);
  /// Adds the faults of a part of this object.
  void take_errors_of(RestFields& part);

  std::vector<RestFieldError> errors() && { return std::move(errors_); }

 private:
  const nlohmann::json* find(std::string_view name) const;

  const nlohmann::json& object_;
  std::string prefix_;
  std::vector<RestFieldError> errors_;
};

/// The JSON object of a request's body; an empty body is an empty object.
/// Errors: Protocol, with the place of the fault.
Result<nlohmann::json> parse_rest_body(std::string_view body);

}  // namespace ostler::wire
