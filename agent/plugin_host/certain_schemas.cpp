// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/certain_schemas.hpp"

#include <unordered_set>

#include "plugin_host/schema_library.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

constexpr std::int64_t kRegexWorkOfLook = 4096;  ///< bytes of a text times instructions

}  // namespace

Schemas CertainSchemas::all_of(Schemas written) {
  Schemas found;
  std::unordered_set<const JsonValue*> known;
  for (std::size_t i = 0; i < written.size() && pay(1); ++i) {
    const JsonValue& schema = resolved_schema(root_, *written[i]);
    if (!known.insert(&schema).second) continue;
    found.push_back(&schema);
    const JsonValue* all = schema.member("allOf");
    if (all == nullptr) continue;
    for (const JsonValue& part : all->items) written.push_back(&part);
  }
  return found;
}

Schemas CertainSchemas::of_member(const Schemas& schemas, const std::string& name) {
  Schemas found;
  for (const JsonValue* schema : schemas) {
    if (!pay(1)) break;
    add_of_member(*schema, name, found);
  }
  return found;
}

Schemas CertainSchemas::of_item(const Schemas& schemas, std::size_t index) {
  Schemas found;
  for (const JsonValue* schema : schemas) {
    const JsonValue* item = pay(1) ? schema->member("items") : nullptr;
    if (item != nullptr && item->type == Type::Array) {
      item = index < item->items.size() ? &item->items[index] : schema->member("additionalItems");
    }
    if (item != nullptr) found.push_back(item);
  }
  return found;
}

bool CertainSchemas::pay(std::int64_t steps) {
  steps_left_ -= steps;
  return !is_spent();
}

void CertainSchemas::add_of_member(const JsonValue& schema, const std::string& name,
                                   Schemas& found) {
  const std::size_t before = found.size();
  const JsonValue* properties = schema.member("properties");
  const JsonValue* property = properties == nullptr ? nullptr : properties->member(name);
  if (property != nullptr) found.push_back(property);
  if (const JsonValue* patterns = schema.member("patternProperties")) {
    for (const auto& [pattern, part] : patterns->members) {
      if (is_found(pattern, name)) found.push_back(&part);
    }
  }
  const JsonValue* others = schema.member("additionalProperties");
  if (others != nullptr && found.size() == before) found.push_back(others);
}

/// One that cannot be held against the name is left to who judges.
bool CertainSchemas::is_found(const std::string& pattern, const std::string& name) {
  if (is_spent()) return false;
  std::int64_t work = 0;
  const auto found = patterns_.is_found(pattern, name, work);
  return pay(1 + work / kRegexWorkOfLook) && found && found.value();
}

}  // namespace ostler::plugin_host
