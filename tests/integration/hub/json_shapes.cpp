// SPDX-License-Identifier: Apache-2.0
#include "json_shapes.hpp"

#include <fstream>
#include <regex>
#include <sstream>

#include "base/base64.hpp"

namespace ostler {
namespace {

using nlohmann::json;

bool matches(const json& value, const char* pattern) {
  return value.is_string() && std::regex_match(value.get<std::string>(), std::regex(pattern));
}

constexpr const char* kUuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
constexpr std::string_view kIdOf = "id/";

/// Whether it is a GraphQL id of that kind.
bool is_id_of(const std::string& kind, const json& value) {
  const auto text = value.is_string() ? decode_base64(value.get<std::string>()) : std::nullopt;
  return text && std::regex_match(*text, std::regex(kind + "---" + kUuid));
}

bool is_of_kind(const std::string& kind, const json& value) {
  if (kind.starts_with(kIdOf)) return is_id_of(kind.substr(kIdOf.size()), value);
  if (kind == "any") return true;
  if (kind == "str") return value.is_string();
  if (kind == "int") return value.is_number_integer();
  if (kind == "bool") return value.is_boolean();
  if (kind == "obj") return value.is_object();
  if (kind == "list") return value.is_array();
  if (kind == "uuid") return matches(value, kUuid);
  if (kind == "url") return matches(value, "https?://[^ ]+");
  if (kind == "ts") return matches(value, R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)");
  if (kind == "utc") return matches(value, R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC)");
  return false;
}

/// The kind between the brackets of "[kind]" or "{kind}".
std::string inner(const std::string& kind) { return kind.substr(1, kind.size() - 2); }

}  // namespace

JsonShapes JsonShapes::read(const std::filesystem::path& file) {
  JsonShapes shapes;
  std::ifstream in(file);
  std::vector<Field>* fields = nullptr;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    if (!line.starts_with(' ')) {
      fields = &shapes.shapes_[line];
      continue;
    }
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      const auto colon = word.find(':');
      Field field{.name = word.substr(0, colon), .kind = word.substr(colon + 1)};
      field.may_be_absent = field.name.ends_with('?');
      if (field.may_be_absent) field.name.pop_back();
      fields->push_back(std::move(field));
    }
  }
  return shapes;
}

std::string JsonShapes::fault(const std::string& kind, const json& value) const {
  if (kind.ends_with('?')) {
    return value.is_null() ? "" : fault(kind.substr(0, kind.size() - 1), value);
  }
  const bool is_list = kind.starts_with('[');
  if (is_list || kind.starts_with('{')) {
    if (is_list ? !value.is_array() : !value.is_object()) return " is no " + kind;
    for (const auto& [key, item] : value.items()) {
      if (auto wrong = fault(inner(kind), item); !wrong.empty()) return "/" + key + wrong;
    }
    return "";
  }
  if (kind.starts_with('=')) return fault_of_object(kind.substr(1), value);
  return is_of_kind(kind, value) ? "" : " is no " + kind + ": " + value.dump();
}

std::string JsonShapes::fault_of_object(const std::string& name, const json& value) const {
  const auto shape = shapes_.find(name);
  if (shape == shapes_.end()) return " is to be =" + name + ", which is nowhere described";
  if (!value.is_object()) return " is no object: " + value.dump();
  for (const Field& field : shape->second) {
    const auto found = value.find(field.name);
    if (found == value.end() && field.may_be_absent) continue;
    if (found == value.end()) return "/" + field.name + " is missing";
    if (auto wrong = fault(field.kind, *found); !wrong.empty()) return "/" + field.name + wrong;
  }
  return "";
}

}  // namespace ostler
