// SPDX-License-Identifier: Apache-2.0
#include "cli/published_plugins.hpp"

#include <algorithm>
#include <chrono>

#include "base/joined.hpp"
#include "base/nearest_word.hpp"
#include "base/size_text.hpp"
#include "cli/arriving_archive.hpp"
#include "console/terminal.hpp"
#include "files/file.hpp"
#include "net/http_client.hpp"
#include "plugin_host/plugin_install.hpp"
#include "plugin_host/semantic_version.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::cli {
namespace {

constexpr int kMayNotRead = 403;
constexpr std::chrono::seconds kPublishedIdle{30};  // without a byte

bool is_listed_before(const wire::RestPlugin& a, const wire::RestPlugin& b) {
  if (a.name != b.name) return a.name < b.name;
  if (a.version != b.version) return plugin_host::is_earlier(a.version, b.version);
  return a.platform < b.platform;
}

/// What the list has of that id: "1.0.0 for linux-x86_64-glibc, 1.1.0 for ...".
std::string there_instead(const std::vector<wire::RestPlugin>& all, const std::string& id) {
  std::vector<std::string> there;
  for (const auto& plugin : all) {
    if (plugin.name == id) there.push_back(plugin.version + " for " + plugin.platform);
  }
  return joined(there, ", ");
}

Error none_published(const std::vector<wire::RestPlugin>& all,
                     const plugin_host::StepReference& wanted, const std::string& platform) {
  if (const std::string there = there_instead(all, wanted.id); !there.empty()) {
    return Error(Errc::NotFound, "the hub has " + wanted.id + " " + there + ", but none that " +
                                     wanted.text() + " means for " + platform);
  }
  std::vector<std::string_view> names;
  for (const auto& plugin : all) names.push_back(plugin.name);
  const std::string near(nearest_word(wanted.id, names));
  return Error(Errc::NotFound, "the hub has no plugin " + wanted.id +
                                   (near.empty() ? "; `ostler plugin list --hub` says which it has"
                                                 : ", did you mean \"" + near + "\"?"));
}

Error refused(const HubClient& hub, const net::HttpRequest& request,
              const net::HttpResponse& answer) {
  constexpr int kTakenOff = 410;
  if (answer.status != kTakenOff) return hub.refusal(request, answer);
  return Error(Errc::NotFound,
               "it was taken off the hub (`ostler plugin unpublish`); name another version");
}

/// Writes its archive while it comes. Returns its bytes.
Result<std::uint64_t> download_published(const HubClient& hub, const wire::RestPlugin& plugin,
                                         const std::filesystem::path& to) {
  OSTLER_TRY(auto arriving, ArrivingArchive::at(to));
  net::HttpRequest request =
      hub.request_to("/plugins/" + wire::percent_encode(plugin.name) + "/versions/" +
                     wire::percent_encode(plugin.version) +
                     "/archive?platform=" + wire::percent_encode(plugin.platform));
  request.body_sink = [&](const net::HttpResponse& head, std::string_view piece) {
    return arriving.add(head, piece);
  };
  request.total_timeout = std::chrono::milliseconds(0);
  request.idle_timeout = kPublishedIdle;
  OSTLER_TRY(const auto answer, net::BlockingHttpClient().send(request));
  if (!answer.ok()) return refused(hub, request, answer);
  if (arriving.finish_hex() != plugin.archive_sha256) {
    return Error(Errc::Protocol, "what came is not the archive that the hub announced; try again");
  }
  return arriving.size();
}

Result<void> check_is_published(const plugin_host::Bundle& bundle, const wire::RestPlugin& plugin) {
  const bool is_it = bundle.sha256 == plugin.sha256 && bundle.manifest.id == plugin.name &&
                     bundle.manifest.version == plugin.version;
  if (is_it) return success();
  return Error(Errc::Denied, "the hub gave " + bundle.manifest.reference() +
                                 " sha256:" + bundle.sha256 + ", not sha256:" + plugin.sha256 +
                                 " as it said; it was not installed");
}

Result<plugin_host::Bundle> fetch_and_open(const HubClient& hub, const wire::RestPlugin& plugin,
                                           const std::filesystem::path& scratch, Telling telling) {
  const std::filesystem::path place = scratch / "published";
  OSTLER_TRY(const auto size, download_published(hub, plugin, scratch / "published.tar.gz"));
  if (telling == Telling::Yes) {
    console::print_plain("fetched " + plugin.name + "#" + plugin.version + " from " + hub.url() +
                         ", " + size_text(size));
  }
  OSTLER_TRY(files::ensure_private_directory(place));
  OSTLER_TRY(const auto directory, plugin_host::unpack_bundle(scratch / "published.tar.gz", place));
  OSTLER_TRY(auto bundle, plugin_host::open_bundle(directory));
  OSTLER_TRY(check_is_published(bundle, plugin));
  return bundle;
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

Result<wire::RestPlugin> find_published(const std::vector<wire::RestPlugin>& all,
                                        const plugin_host::StepReference& wanted,
                                        const std::string& platform) {
  const wire::RestPlugin* best = nullptr;
  std::vector<const wire::RestPlugin*> here;
  for (const auto& plugin : all) {
    if (plugin.name != wanted.id || plugin.platform != platform) continue;
    here.push_back(&plugin);
    if (!plugin_host::version_fits(plugin.version, wanted.version)) continue;
    if (best == nullptr || plugin_host::is_earlier(best->version, plugin.version)) best = &plugin;
  }
  // The only one that there is may be a pre-release, as find_in_store has it.
  if (best == nullptr && wanted.version.empty() && here.size() == 1) best = here.front();
  if (best != nullptr) return *best;
  return none_published(all, wanted, platform);
}

Result<wire::RestPlugin> find_pinned(const std::vector<wire::RestPlugin>& all,
                                     const plugin_host::LockedPlugin& pinned) {
  auto found = find_published(all, {pinned.id, pinned.version}, pinned.platform);
  const std::string pin =
      std::string(plugin_host::kLockFileName) + " pins " + pinned.id + "#" + pinned.version;
  if (!found) return std::move(found).error().with_context(pin);
  if (found.value().sha256 == pinned.sha256) return found;
  return Error(Errc::Denied, pin + " sha256:" + pinned.sha256 + ", but the hub has sha256:" +
                                 found.value().sha256 + "; it was not installed");
}

Result<plugin_host::Bundle> fetch_published(const HubClient& hub, const wire::RestPlugin& plugin,
                                            const std::filesystem::path& scratch, Telling telling) {
  auto bundle = fetch_and_open(hub, plugin, scratch, telling);
  if (bundle) return bundle;
  return std::move(bundle).error().with_context("fetch " + plugin.name + "#" + plugin.version +
                                                " from " + hub.url());
}

}  // namespace ostler::cli
