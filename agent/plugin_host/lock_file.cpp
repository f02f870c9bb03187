// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/lock_file.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <tuple>
#include <utility>

#include "plugin_host/manifest.hpp"
#include "plugin_host/semantic_version.hpp"

namespace ostler::plugin_host {
namespace {

constexpr std::string_view kDigestPrefix = "sha256:";
constexpr std::size_t kHexDigest = 64;

bool is_digest(const std::string& text) {
  return text.size() == kDigestPrefix.size() + kHexDigest && text.starts_with(kDigestPrefix) &&
         text.find_first_not_of("0123456789abcdef", kDigestPrefix.size()) == text.npos;
}

Result<LockedPlugin> read_locked(const std::string& line) {
  std::istringstream words(line);
  LockedPlugin plugin;
  std::string digest;
  std::string more;
  words >> plugin.id >> plugin.version >> plugin.platform >> digest;
  if (!words || words >> more || !is_digest(digest)) {
    return Error(Errc::UserFault, "must be: ID VERSION PLATFORM sha256:DIGEST");
  }
  if (!is_plugin_id(plugin.id)) {
    return Error(Errc::UserFault,
                 plugin.id + " is no id of a plugin: [a-z][a-z0-9-]*, at most 64 bytes");
  }
  plugin.sha256 = digest.substr(kDigestPrefix.size());
  return plugin;
}

/// The lines so far, by what they pin.
class Pinned {
 public:
  /// The same again is fine, as two people may add it. Errors: UserFault.
  Result<void> add(const LockedPlugin& plugin, int line) {
    const std::string what = plugin.id + " " + plugin.version + " " + plugin.platform;
    const auto [first, is_new] = lines_.emplace(what, std::pair(plugin.sha256, line));
    if (is_new || first->second.first == plugin.sha256) return success();
    return Error(Errc::UserFault, "pins " + what + " to another digest than line " +
                                      std::to_string(first->second.second) + " does");
  }

 private:
  std::map<std::string, std::pair<std::string, int>> lines_;
};

}  // namespace

Result<std::vector<LockedPlugin>> read_lock_file(std::string_view text) {
  std::vector<LockedPlugin> plugins;
  std::istringstream lines{std::string(text)};
  std::string line;
  Pinned pinned;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == line.npos || line.starts_with('#')) continue;
    const std::string place = std::string(kLockFileName) + ", line " + std::to_string(number);
    auto plugin = read_locked(line);
    if (!plugin) return std::move(plugin).error().with_context(place);
    auto added = pinned.add(plugin.value(), number);
    if (!added) return std::move(added).error().with_context(place);
    plugins.push_back(std::move(plugin).value());
  }
  return plugins;
}

std::string write_lock_file(std::vector<LockedPlugin> plugins) {
  std::ranges::sort(plugins, {}, [](const LockedPlugin& plugin) {
    return std::tie(plugin.id, plugin.version, plugin.platform);
  });
  std::string text = "# The step plugins of this repository; `ostler plugin lock` writes it.\n";
  for (const LockedPlugin& plugin : plugins) {
    text += plugin.id + " " + plugin.version + " " + plugin.platform + " " +
            std::string(kDigestPrefix) + plugin.sha256 + "\n";
  }
  return text;
}

const LockedPlugin* pinned_as(const StepReference& wanted, const std::vector<LockedPlugin>& lock) {
  const LockedPlugin* best = nullptr;
  std::vector<const LockedPlugin*> own;
  const std::string platform = own_platform();
  for (const LockedPlugin& plugin : lock) {
    if (plugin.id != wanted.id || plugin.platform != platform) continue;
    own.push_back(&plugin);
    if (!version_fits(plugin.version, wanted.version)) continue;
    if (best == nullptr || is_earlier(best->version, plugin.version)) best = &plugin;
  }
  if (best == nullptr && wanted.version.empty() && own.size() == 1) best = own.front();
  return best;
}

std::string own_platform() {
  utsname machine{};
  const bool is_known = ::uname(&machine) == 0;
  return "linux-" + std::string(is_known ? machine.machine : "unknown") + "-glibc";
}

}  // namespace ostler::plugin_host
