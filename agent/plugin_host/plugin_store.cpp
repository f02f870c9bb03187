// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/plugin_store.hpp"

#include <algorithm>
#include <string_view>

#include "base/joined.hpp"
#include "base/nearest_word.hpp"
#include "plugin_host/semantic_version.hpp"

namespace ostler::plugin_host {

namespace fs = std::filesystem;

namespace {

/// What is being put there has a name that begins with a dot.
std::vector<std::string> directories_in(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename();
    if (entry.is_directory(error) && !name.starts_with('.')) names.push_back(name);
  }
  return names;
}

bool is_store_name(const std::string& name) {
  return !name.empty() && name.front() != '.' && name.find('/') == name.npos;
}

Error unknown_plugin(const fs::path& store, const std::string& id) {
  const std::vector<std::string> names = ids_in_store(store);
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view near = nearest_word(id, views);
  return Error(
      Errc::NotFound,
      "no plugin " + id + " in " + store.string() +
          (near.empty() ? "; `ostler plugin install SOURCE --store " + store.string() +
                              "` puts one there: a directory, an archive, or its id where the hub "
                              "has it"
                        : ", did you mean \"" + std::string(near) + "\"?"));
}

std::string major_of(const std::string& version) { return version.substr(0, version.find('.')); }

}  // namespace

std::vector<std::string> ids_in_store(const fs::path& store) {
  std::vector<std::string> ids = directories_in(store);
  std::ranges::sort(ids);
  return ids;
}

std::vector<std::string> versions_in_store(const fs::path& store, const std::string& id) {
  std::vector<std::string> versions = directories_in(store / id);
  std::ranges::sort(versions, is_earlier);
  return versions;
}

Result<fs::path> find_in_store(const fs::path& store, const StepReference& wanted) {
  if (const std::size_t mark = wanted.id.find('@'); mark != wanted.id.npos) {
    return Error(Errc::NotFound, "a version stands behind #; write " + wanted.id.substr(0, mark) +
                                     "#" + wanted.id.substr(mark + 1));
  }
  if (wanted.id.empty()) {
    return Error(Errc::NotFound, "it names no plugin; write ostler://ID#VERSION");
  }
  std::error_code error;
  if (!is_store_name(wanted.id) || !fs::is_directory(store / wanted.id, error)) {
    return unknown_plugin(store, wanted.id);
  }
  const std::vector<std::string> all = versions_in_store(store, wanted.id);
  std::vector<std::string> fitting;
  for (const std::string& version : all) {
    if (version_fits(version, wanted.version)) fitting.push_back(version);
  }
  if (fitting.empty() && wanted.version.empty() && all.size() == 1) fitting = all;
  const bool is_clear = !fitting.empty() && (!wanted.version.empty() ||
                                             major_of(fitting.front()) == major_of(fitting.back()));
  if (is_clear) return store / wanted.id / fitting.back();
  return Error(Errc::NotFound, "the plugin " + wanted.id + " is there in version " +
                                   joined(all, ", ") + "; write " + wanted.id + "#VERSION");
}

}  // namespace ostler::plugin_host
