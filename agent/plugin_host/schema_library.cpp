// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/schema_library.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace ostler::plugin_host {
namespace {

nlohmann::json to_nlohmann(const JsonValue& value) {
  return nlohmann::json::parse(canonical_json(value));
}

Result<void> parse_schema(const JsonValue& schema, valijson::Schema& into) {
  const nlohmann::json document = to_nlohmann(schema);
  const valijson::adapters::NlohmannJsonAdapter adapter(document);
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  try {
    parser.populateSchema(adapter, into);
  } catch (const std::exception& fault) {
    return Error(Errc::UserFault, fault.what());
  }
  return success();
}

/// `["<root>", "[server]", "[0]"]` as the library says it, as a pointer.
std::string pointer_of(const std::vector<std::string>& context) {
  std::string pointer;
  for (const std::string& part : context) {
    if (part.size() < 2 || part.front() != '[') continue;
    std::string name = part.substr(1, part.size() - 2);
    if (name.size() >= 2 && name.front() == '"') name = name.substr(1, name.size() - 2);
    pointer += "/" + pointer_part(name);
  }
  return pointer;
}

/// The fault that lies deepest: those above only say that something below them is wrong.
LibraryFault deepest_fault(valijson::ValidationResults& results) {
  valijson::ValidationResults::Error error;
  LibraryFault fault{.pointer = {}, .text = "not valid"};
  std::size_t depth = 0;
  while (results.popError(error)) {
    if (depth > 0 && error.context.size() <= depth) continue;
    depth = error.context.size();
    fault = {pointer_of(error.context), error.description};
  }
  std::ranges::replace(fault.text, '\n', ' ');
  return fault;
}

}  // namespace

Result<void> try_schema(const JsonValue& schema) {
  valijson::Schema parsed;
  return parse_schema(schema, parsed);
}

std::optional<LibraryFault> library_fault(const JsonValue& schema, const JsonValue& value) {
  valijson::Schema parsed;
  const auto taken = parse_schema(schema, parsed);
  if (!taken) return LibraryFault{{}, taken.error().message()};
  const nlohmann::json document = to_nlohmann(value);
  const valijson::adapters::NlohmannJsonAdapter adapter(document);
  valijson::Validator validator;
  valijson::ValidationResults results;
  try {
    if (validator.validate(parsed, adapter, &results)) return std::nullopt;
  } catch (const std::exception& fault) {
    return LibraryFault{{}, fault.what()};
  }
  return deepest_fault(results);
}

const JsonValue& resolved_schema(const JsonValue& root, const JsonValue& schema) {
  constexpr int kMostReferences = 64;  // they may form a circle
  const JsonValue* meant = &schema;
  for (int i = 0; i < kMostReferences; ++i) {
    const JsonValue* reference = meant->member("$ref");
    if (reference == nullptr || !reference->text.starts_with("#")) return *meant;
    const auto found = at_pointer(root, std::string_view(reference->text).substr(1));
    if (!found) return *meant;
    meant = found.value();
  }
  return *meant;
}

}  // namespace ostler::plugin_host
