// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/lock_file.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <sstream>
#include <tuple>

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
  plugin.sha256 = digest.substr(kDigestPrefix.size());
  return plugin;
}

}  // namespace

Result<std::vector<LockedPlugin>> read_lock_file(std::string_view text) {
  std::vector<LockedPlugin> plugins;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == line.npos || line.starts_with('#')) continue;
    auto plugin = read_locked(line);
    if (!plugin) {
      return std::move(plugin).error().with_context(std::string(kLockFileName) + ", line " +
                                                    std::to_string(number));
    }
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
