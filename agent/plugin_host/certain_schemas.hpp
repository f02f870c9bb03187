// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plugin_host/json_value.hpp"
#include "plugin_host/schema_patterns.hpp"

namespace ostler::plugin_host {

using Schemas = std::vector<const JsonValue*>;

/// The parts of a schema that a value answers to whatever it is: those that a $ref or allOf leads
/// to, not the alternatives and conditions. Looks at so many of them and no more; with none left it
/// finds nothing.
class CertainSchemas {
 public:
  CertainSchemas(const JsonValue& root, int steps) : root_(root), steps_left_(steps) {}

  /// What `written` refers to, with all of their allOf, each once.
  Schemas all_of(Schemas written);
  /// Of a member or an item of a value that answers to `schemas`.
  Schemas of_member(const Schemas& schemas, const std::string& name);
  Schemas of_item(const Schemas& schemas, std::size_t index);

  /// Whether there were as many steps left.
  bool pay(std::int64_t steps);
  bool is_spent() const { return steps_left_ < 0; }

 private:
  void add_of_member(const JsonValue& schema, const std::string& name, Schemas& found);
  bool is_found(const std::string& pattern, const std::string& name);

  const JsonValue& root_;
  std::int64_t steps_left_;
  SchemaPatterns patterns_;
};

}  // namespace ostler::plugin_host
