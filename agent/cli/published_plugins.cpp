// SPDX-License-Identifier: Apache-2.0
#include "cli/published_plugins.hpp"

#include <algorithm>

#include "plugin_host/step_reference.hpp"

namespace ostler::cli {
namespace {

constexpr int kMayNotRead = 403;

bool is_listed_before(const wire::RestPlugin& a, const wire::RestPlugin& b) {
  if (a.name != b.name) return a.name < b.name;
  if (a.version != b.version) return plugin_host::is_earlier(a.version, b.version);
  return a.platform < b.platform;
}

}  // namespace

Result<std::string> published_plugins_text(HubClient& hub) {
  auto text = hub.all_pages("/plugins");
  if (text || text.error().native() != kMayNotRead) return text;
  return std::move(text).error().with_context(
      "ask " + hub.url() + " for its plugins, which wants a token with the scope read_plugins");
}

Result<std::vector<wire::RestPlugin>> published_plugins(const std::string& text) {
  OSTLER_TRY(auto plugins, wire::decode_rest_plugins(text));
  std::ranges::sort(plugins, is_listed_before);
  return plugins;
}

}  // namespace ostler::cli
