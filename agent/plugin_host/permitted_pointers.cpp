// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/permitted_pointers.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "plugin_host/certain_schemas.hpp"
#include "plugin_host/exact_judgement.hpp"
#include "plugin_host/fault_words.hpp"
#include "plugin_host/schema_parts.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

constexpr int kMostLooks = 100'000;
constexpr const char* kNothing = "leads to nothing";

bool lets(const JsonValue& schema, Type type) {
  const JsonValue* wanted = schema.member("type");
  return wanted == nullptr || has_type(*wanted, {.type = type});
}

bool all_let(const Schemas& schemas, Type type) {
  return std::ranges::all_of(schemas, [&](const JsonValue* schema) { return lets(*schema, type); });
}

bool lets_text(const JsonValue* schema) {
  const JsonValue* fixed = schema->member("const");
  const JsonValue* choices = schema->member("enum");
  const auto is_text = [](const JsonValue& value) { return value.type == Type::String; };
  return lets(*schema, Type::String) && (fixed == nullptr || is_text(*fixed)) &&
         (choices == nullptr || std::ranges::any_of(choices->items, is_text));
}

std::string no_key(const Schemas& schemas, const std::string& name) {
  std::vector<std::string_view> known;
  for (const JsonValue* schema : schemas) {
    const JsonValue* properties = schema->member("properties");
    if (properties == nullptr) continue;
    for (const auto& [key, part] : properties->members) {
      if (!is_false(part)) known.push_back(key);
    }
  }
  return no_such_key(name, known);
}

/// Follows a pointer through what a configuration surely answers to.
class Way {
 public:
  explicit Way(const JsonValue& root) : certain_(root, kMostLooks) {
    schemas_ = certain_.all_of({&root});
  }

  /// Why no text can be there; empty: it may be, or that cannot be told.
  std::string fault_at(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      std::string fault = step(name);
      if (!fault.empty()) return fault;
    }
    const auto unfit = std::ranges::find_if_not(schemas_, lets_text);
    if (unfit == schemas_.end()) return {};
    return "leads to " + schema_in_words(**unfit) + ", must lead to a string";
  }

 private:
  std::string step(const std::string& name) {
    const auto index = index_of(name);
    const bool may_be_list = index && all_let(schemas_, Type::Array);
    const bool may_be_object = all_let(schemas_, Type::Object);
    if (!may_be_list && !may_be_object) return kNothing;
    const Schemas above = std::exchange(schemas_, {});
    if (may_be_list && may_be_object) return {};  // nor can what follows be told
    schemas_ = certain_.all_of(may_be_list ? certain_.of_item(above, *index)
                                           : certain_.of_member(above, name));
    if (std::ranges::none_of(schemas_, [](const JsonValue* one) { return is_false(*one); }))
      return {};
    return may_be_list ? kNothing : no_key(above, name);
  }
  static std::optional<std::size_t> index_of(const std::string& name) {
    std::size_t index = 0;
    const char* end = name.data() + name.size();
    const auto read = std::from_chars(name.data(), end, index);
    return read.ec == std::errc() && read.ptr == end ? std::optional(index) : std::nullopt;
  }

  CertainSchemas certain_;
  Schemas schemas_;
};

void check_names(const std::vector<PermittedName>& permitted, const std::string& key,
                 const std::optional<JsonValue>& schema, std::vector<std::string>& faults) {
  for (const PermittedName& name : permitted) {
    const auto names = pointer_names(name.text);
    if (!name.is_pointer || !names) continue;
    const std::string fault = schema ? Way(*schema).fault_at(names.value())
                                     : "there is no \"configuration\" that could name it";
    if (!fault.empty()) {
      faults.push_back("permissions/" + key + ": " + pointer_in_words(name.text) +
                       " of the configuration: " + fault);
    }
  }
}

}  // namespace

void check_pointers(const Permissions& permissions, const std::optional<JsonValue>& schema,
                    std::vector<std::string>& faults) {
  check_names(permissions.hosts, "http", schema, faults);
  check_names(permissions.secrets.value_or(std::vector<PermittedName>{}), "secrets", schema,
              faults);
  check_names(permissions.secrets_put, "secrets_put", schema, faults);
}

}  // namespace ostler::plugin_host
