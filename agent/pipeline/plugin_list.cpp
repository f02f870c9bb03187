// SPDX-License-Identifier: Apache-2.0
#include "pipeline/plugin_list.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "pipeline/exact_json.hpp"
#include "pipeline/plugin_source.hpp"

namespace ostler::pipeline {
namespace {

using PluginJson = nlohmann::ordered_json;

/// A key without the marks of a source: no plugin of ours beside it would be meant.
bool is_bare_word(const std::string& source) { return source.find_first_of(":/#.") == source.npos; }

/// The configuration of a plugin that is written beside it, not below it.
Result<void> check_indentation(const PluginJson& item) {
  const auto is_alone = [](const auto& one) {
    return one.value().is_null() && one.key().starts_with("ostler://");
  };
  const auto is_word = [](const auto& one) { return is_bare_word(one.key()); };
  const auto members = item.items();
  const auto plugin = std::find_if(members.begin(), members.end(), is_alone);
  const auto word = std::find_if(members.begin(), members.end(), is_word);
  if (plugin != members.end() && word != members.end()) {
    return Error(Errc::UserFault, "\"" + word.key() + "\" stands beside " + plugin.key() +
                                      " as a plugin of its own; indent it further to make it "
                                      "configuration of that one");
  }
  return success();
}

Result<void> add_plugin(const PluginJson& item, PluginJson& list) {
  if (item.is_string()) {
    list.push_back({{full_plugin_source(item.get_ref<const std::string&>()), nullptr}});
    return success();
  }
  if (!item.is_object()) {
    return Error(Errc::UserFault,
                 "a plugin must be a name, or a mapping of its name to its configuration");
  }
  OSTLER_TRY(check_indentation(item));
  for (const auto& [source, configuration] : item.items()) {
    list.push_back({{full_plugin_source(source), configuration}});
  }
  return success();
}

}  // namespace

Result<std::string> plugin_list(std::string_view json) {
  const auto plugins = parse_exact_json<PluginJson>(json);
  PluginJson list = PluginJson::array();
  if (plugins.is_object()) {
    OSTLER_TRY(add_plugin(plugins, list));
  } else if (plugins.is_array()) {
    for (const PluginJson& item : plugins) {
      OSTLER_TRY(add_plugin(item, list));
    }
  } else if (!plugins.is_null()) {
    return Error(Errc::UserFault, "plugins must be a list; write \"- \" before the plugin");
  }
  return exact_json_text(list);
}

}  // namespace ostler::pipeline
