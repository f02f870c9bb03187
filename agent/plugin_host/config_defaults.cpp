// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/config_defaults.hpp"

#include <algorithm>
#include <limits>

#include "plugin_host/certain_schemas.hpp"
#include "plugin_host/exact_judgement.hpp"
#include "plugin_host/fault_words.hpp"
#include "plugin_host/schema_library.hpp"
#include "plugin_host/schema_parts.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;
using Faults = std::vector<std::string>;

/// Schemas that are looked at for defaults, and values that these add, beyond those that are there:
/// a schema may lead to one by many ways.
constexpr int kMostFilled = 100'000;
constexpr int kFilledOfValue = 4;
constexpr int kStepsOfJudge = 20'000;     ///< for all defaults of a schema
constexpr const char* kTooMany = "its schema leads to too many defaults";
constexpr const char* kTooManyValues =
    "has too many values for the properties and defaults of its schema";
constexpr const char* kTooDeep = "its schema leads to defaults within each other, deeper than 64";

int all_values(const JsonValue& value) {
  return count_values(value, std::numeric_limits<int>::max() / 8);
}

int steps_for(const JsonValue& value) { return kMostFilled + kFilledOfValue * all_values(value); }

bool has_default(const JsonValue& schema) {
  return std::ranges::any_of(
      all_parts(schema), [](const JsonValue* part) { return part->member("default") != nullptr; });
}

bool has_parts(const JsonValue& value) {
  return value.type == Type::Object || value.type == Type::Array;
}

int depth_of(const JsonValue& value) {
  int deepest = 0;
  for (const JsonValue& item : value.items) deepest = std::max(deepest, depth_of(item));
  for (const auto& [name, member] : value.members) deepest = std::max(deepest, depth_of(member));
  return deepest + (has_parts(value) ? 1 : 0);
}

/// Fills the defaults of a schema into values, with so many steps for all of them.
class Filling {
 public:
  Filling(const JsonValue& root, int steps) : root_(root), certain_(root, steps) {}

  /// Why not all are in; null: all are.
  const char* fill(const JsonValue& schema, JsonValue& value) {
    is_too_deep_ = false;
    fill_by({&schema}, value, 1);
    if (certain_.is_spent()) return kTooMany;
    return is_too_deep_ ? kTooDeep : nullptr;
  }
  bool is_spent() const { return certain_.is_spent(); }

 private:
  /// What is missing comes from all schemas before any of them looks into what is there.
  void fill_by(Schemas written, JsonValue& value, int depth) {
    if (written.empty() || !has_parts(value)) return;
    const Schemas schemas = certain_.all_of(std::move(written));
    for (const JsonValue* schema : schemas) add_missing(*schema, value, depth);
    for (auto& [name, member] : value.members) {
      if (has_stopped()) return;
      if (has_parts(member)) fill_by(certain_.of_member(schemas, name), member, depth + 1);
    }
    for (std::size_t i = 0; i < value.items.size() && !has_stopped(); ++i) {
      if (!has_parts(value.items[i])) continue;
      fill_by(certain_.of_item(schemas, i), value.items[i], depth + 1);
    }
  }
  void add_missing(const JsonValue& schema, JsonValue& value, int depth) {
    const JsonValue* properties = schema.member("properties");
    if (properties == nullptr || value.type != Type::Object) return;
    for (const auto& [name, written] : properties->members) {
      if (!certain_.pay(1)) return;
      if (value.member(name) != nullptr) continue;
      const JsonValue* standard = resolved_schema(root_, written).member("default");
      if (standard == nullptr) continue;
      if (!may_add(name, *standard, depth)) return;
      value.add_member(name, *standard);
    }
  }
  bool may_add(const std::string& name, const JsonValue& standard, int depth) {
    if (depth + depth_of(standard) > JsonLimits().depth) is_too_deep_ = true;
    return certain_.pay(all_values(standard) + text_weight(name.size())) && !is_too_deep_;
  }
  bool has_stopped() const { return is_too_deep_ || certain_.is_spent(); }

  const JsonValue& root_;
  CertainSchemas certain_;
  bool is_too_deep_ = false;
};

/// Holds each default of a schema against the part that it stands in.
class DefaultCheck {
 public:
  DefaultCheck(const JsonValue& root, Faults& faults)
      : root_(root), faults_(faults), filling_(root, steps_for(root)) {}

  void check_all() {
    JsonValue nothing{.type = Type::Object};
    if (const char* endless = filling_.fill(root_, nothing)) {
      faults_.push_back(std::string("configuration: ") + endless);
    }
    check(root_, "configuration");
  }

 private:
  void check(const JsonValue& schema, const std::string& path) {
    const JsonValue* standard = schema.member("default");
    const bool has_effect = standard != nullptr && schema.member("$ref") == nullptr;
    if (has_effect && !filling_.is_spent()) check_default(schema, *standard, path + "/default");
    each_part(schema, [&](const JsonValue& part, const auto&, const std::string& place) {
      check(part, path + place);
    });
  }
  void check_default(const JsonValue& schema, JsonValue value, const std::string& where) {
    if (const char* endless = filling_.fill(schema, value)) {
      faults_.push_back(where + ": " + endless);
      return;
    }
    for (const ConfigFault& fault : faults_by_part(root_, schema, value, steps_left_)) {
      faults_.push_back(where + pointer_in_words(fault.pointer) + ": " + fault.reason);
    }
  }

  const JsonValue& root_;
  Faults& faults_;
  Filling filling_;
  int steps_left_ = kStepsOfJudge;
};

}  // namespace

std::vector<ConfigFault> fill_defaults(const JsonValue& schema, JsonValue& config) {
  if (!has_default(schema)) return {};
  const char* endless = Filling(schema, steps_for(config)).fill(schema, config);
  if (endless == nullptr) return {};
  return {{.pointer = {}, .reason = endless == kTooMany ? kTooManyValues : endless}};
}

void check_defaults(const JsonValue& schema, Faults& faults) {
  DefaultCheck(schema, faults).check_all();
}

}  // namespace ostler::plugin_host
