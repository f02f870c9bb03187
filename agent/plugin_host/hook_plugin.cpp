// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/hook_plugin.hpp"

#include <algorithm>
#include <string_view>

#include "base/nearest_word.hpp"
#include "plugin_host/plugin_store.hpp"
#include "plugin_host/step_reference.hpp"

namespace ostler::plugin_host {
namespace {

std::string version_part(const std::string& source) {
  return source.substr(std::min(source.find('#'), source.size()));
}

/// As a person writes it: "docker#v5" of what that is written out as, too.
std::string written_source(const std::string& source) {
  const std::string name = bare_name(source);
  return name.empty() ? source : name + version_part(source);
}

/// ", did you mean ostler://deploy#1?" for what is nearly the name of a step plugin.
std::string suggestion_for(const std::string& source, const std::filesystem::path& store,
                           const std::vector<std::string>& bare_names) {
  const std::string name = bare_name(source);
  if (name.empty()) return {};
  std::vector<std::string> ids = bare_names;
  for (std::string& id : ids_in_store(store)) ids.push_back(std::move(id));
  const std::vector<std::string_view> views(ids.begin(), ids.end());
  const std::string_view near = nearest_word(name, views);
  if (near.empty()) return {};
  return ", did you mean ostler://" + std::string(near) + version_part(source) + "?";
}

}  // namespace

std::string hook_plugin_fault(const std::string& source, const std::filesystem::path& store,
                              const std::vector<std::string>& bare_names) {
  const std::string meant = suggestion_for(source, store, bare_names);
  return "the plugin " + written_source(source) + " is one of hooks, which are not supported yet" +
         (meant.empty() ? "; remove it from the step's `plugins`" : meant);
}

}  // namespace ostler::plugin_host
