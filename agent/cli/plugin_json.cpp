// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_json.hpp"

#include "plugin_host/bundle_signature.hpp"
#include "plugin_host/json_value.hpp"

namespace ostler::cli {
namespace {

using plugin_host::JsonValue;

JsonValue json_text(std::string text) {
  return {.type = JsonValue::Type::String, .text = std::move(text)};
}

JsonValue json_text_or_null(const std::string& text) {
  return text.empty() ? JsonValue{} : json_text(text);
}

JsonValue json_object(std::vector<std::pair<std::string, JsonValue>> members) {
  JsonValue object{.type = JsonValue::Type::Object};
  for (auto& [name, value] : members) object.add_member(std::move(name), std::move(value));
  return object;
}

JsonValue json_truth(bool truth) {
  return {.type = JsonValue::Type::Boolean, .text = truth ? "true" : "false"};
}

JsonValue json_pins(const std::vector<plugin_host::LockedPlugin>& pins) {
  JsonValue list{.type = JsonValue::Type::Array};
  for (const auto& pin : pins) {
    list.items.push_back(json_object({{"id", json_text(pin.id)},
                                      {"version", json_text(pin.version)},
                                      {"platform", json_text(pin.platform)},
                                      {"sha256", json_text(pin.sha256)}}));
  }
  return list;
}

}  // namespace

std::string plugin_json(const plugin_host::Bundle& bundle) {
  const auto manifest = plugin_host::parse_json(bundle.text);
  const bool is_signed = !bundle.signature.empty();
  return plugin_host::canonical_json(json_object(
      {{"id", json_text(bundle.manifest.id)},
       {"version", json_text(bundle.manifest.version)},
       {"directory", json_text(bundle.directory.string())},
       {"sha256", json_text(bundle.sha256)},
       {"signed_with",
        json_text_or_null(is_signed ? plugin_host::claimed_publisher(bundle) : std::string())},
       {"manifest", manifest ? manifest.value() : JsonValue{}}}));
}

std::string unread_plugin_json(const std::string& id, const std::string& version,
                               const std::string& fault) {
  return plugin_host::canonical_json(json_object(
      {{"id", json_text(id)}, {"version", json_text(version)}, {"fault", json_text(fault)}}));
}

std::string plugin_faults_json(const std::string& reference,
                               const std::vector<std::string>& faults) {
  JsonValue list{.type = JsonValue::Type::Array};
  for (const std::string& fault : faults) list.items.push_back(json_text(fault));
  return plugin_host::canonical_json(
      json_object({{"plugin", json_text_or_null(reference)}, {"faults", std::move(list)}}));
}

std::string installed_plugin_json(const InstalledPlugin& installed) {
  const plugin_host::Bundle& bundle = installed.bundle;
  const bool is_signed = !bundle.signature.empty();
  return plugin_host::canonical_json(json_object(
      {{"id", json_text(bundle.manifest.id)},
       {"version", json_text(bundle.manifest.version)},
       {"directory", json_text(installed.directory.string())},
       {"sha256", json_text(bundle.sha256)},
       {"signed_with",
        json_text_or_null(is_signed ? plugin_host::claimed_publisher(bundle) : std::string())},
       {"checked_publisher", json_text_or_null(installed.publisher)},
       {"is_new", json_truth(installed.is_new)}}));
}

std::string locked_plugins_json(const std::filesystem::path& file,
                                const std::vector<plugin_host::LockedPlugin>& pins,
                                const std::vector<plugin_host::LockedPlugin>& removed) {
  return plugin_host::canonical_json(json_object({{"file", json_text(file.string())},
                                                  {"plugins", json_pins(pins)},
                                                  {"removed", json_pins(removed)}}));
}

std::string publisher_json(const std::string& reference, const std::string& publisher) {
  return plugin_host::canonical_json(
      json_object({{"plugin", json_text(reference)}, {"publisher", json_text(publisher)}}));
}

}  // namespace ostler::cli
