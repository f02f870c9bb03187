// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/schema_circle.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "plugin_host/schema_parts.hpp"

namespace ostler::plugin_host {
namespace {

/// Schemas behind each other. Each stands on the stack.
constexpr int kLongestWay = 200;

class CircleSearch {
 public:
  explicit CircleSearch(const JsonValue& root) : root_(root) {}

  /// Looks at `schema`, which lies at `place`, and at all schemas in it.
  std::optional<std::string> find(const JsonValue& schema, const std::string& place) {
    if (leads_to_itself(schema, 0)) return place;
    std::optional<std::string> found;
    each_part(schema, [&](const JsonValue& part, const auto&, const std::string& below) {
      if (!found) found = find(part, place + below);
    });
    return found;
  }

 private:
  enum class Seen { OnTheWay, Done };

  bool leads_to_itself(const JsonValue& schema, int length) {
    const auto [seen, is_new] = seen_.emplace(&schema, Seen::OnTheWay);
    if (!is_new) return seen->second == Seen::OnTheWay;
    const bool is_circle = length == kLongestWay || next_leads_back(schema, length + 1);
    if (!is_circle) seen_[&schema] = Seen::Done;
    return is_circle;
  }
  bool next_leads_back(const JsonValue& schema, int length) {
    const auto leads = [&](const JsonValue& next) { return leads_to_itself(next, length); };
    if (const JsonValue* reference = schema.member("$ref")) {
      if (!reference->text.starts_with("#")) return false;
      const auto meant = at_pointer(root_, std::string_view(reference->text).substr(1));
      return meant && leads(*meant.value());
    }
    for (const char* list : {"allOf", "anyOf", "oneOf"}) {
      const JsonValue* parts = schema.member(list);
      if (parts != nullptr && std::ranges::any_of(parts->items, leads)) return true;
    }
    for (const char* one : {"not", "if", "then", "else"}) {
      const JsonValue* part = schema.member(one);
      if (part != nullptr && leads(*part)) return true;
    }
    const JsonValue* dependencies = schema.member("dependencies");
    return dependencies != nullptr &&
           std::ranges::any_of(dependencies->members,
                               [&](const auto& needed) { return leads(needed.second); });
  }

  const JsonValue& root_;
  std::unordered_map<const JsonValue*, Seen> seen_;
};

}  // namespace

std::optional<std::string> schema_circle(const JsonValue& schema) {
  return CircleSearch(schema).find(schema, "");
}

}  // namespace ostler::plugin_host
