// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_reference.hpp"

#include <algorithm>

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

constexpr std::string_view kScheme = "ostler://";
constexpr std::string_view kWrittenOut = "github.com/buildkite-plugins/";
constexpr std::string_view kWrittenOutEnd = "-buildkite-plugin";

Error no_list() {
  return Error(Errc::UserFault,
               "BUILDKITE_PLUGINS must be a list of names, or of objects with a configuration by "
               "name");
}

}  // namespace

Result<std::vector<PluginCall>> read_plugin_calls(std::string_view json) {
  std::vector<PluginCall> calls;
  if (json.find_first_not_of(" \t\r\n") == json.npos) return calls;
  auto list = parse_json(json);
  if (!list) return std::move(list).error().with_context("BUILDKITE_PLUGINS");
  if (list.value().type == Type::Null) return calls;
  if (list.value().type != Type::Array) return no_list();
  for (JsonValue& item : list.value().items) {
    if (item.type == Type::String) {
      calls.push_back({item.text, {}});
    } else if (item.type == Type::Object) {
      for (auto& [source, config] : item.members) calls.push_back({source, std::move(config)});
    } else {
      return no_list();
    }
  }
  return calls;
}

StepReference read_step_reference(std::string_view text) {
  const std::size_t mark = std::min(text.find('#'), text.size());
  std::string_view version = text.substr(std::min(mark + 1, text.size()));
  if (version.starts_with('v')) version.remove_prefix(1);
  return {std::string(text.substr(0, mark)), std::string(version)};
}

std::string bare_name(std::string_view source) {
  std::string_view name = source.substr(0, source.find('#'));
  if (name.starts_with(kWrittenOut) && name.ends_with(kWrittenOutEnd) &&
      name.size() > kWrittenOut.size() + kWrittenOutEnd.size()) {
    name.remove_prefix(kWrittenOut.size());
    name.remove_suffix(kWrittenOutEnd.size());
  }
  return name.find_first_of("/:.") == name.npos ? std::string(name) : std::string();
}

std::optional<StepReference> step_reference(std::string_view source,
                                            const std::vector<std::string>& bare_names) {
  if (source.starts_with(kScheme)) return read_step_reference(source.substr(kScheme.size()));
  const std::string name = bare_name(source);
  if (name.empty() || std::ranges::find(bare_names, name) == bare_names.end()) return std::nullopt;
  const std::size_t mark = std::min(source.find('#'), source.size());
  return read_step_reference(name + std::string(source.substr(mark)));
}

bool version_fits(std::string_view version, std::string_view wanted) {
  if (version == wanted) return true;
  if (version.find('-') != version.npos) return false;
  return wanted.empty() || (version.starts_with(wanted) && version[wanted.size()] == '.');
}

}  // namespace ostler::plugin_host
