// SPDX-License-Identifier: Apache-2.0
#include "store/plugins.hpp"

#include "store/sqlite/commands.hpp"
#include "store/sqlite/paging.hpp"
#include "store/sqlite/plugin_records.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/unpublished_plugins.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO plugins (id, organization_id, name, version, platform, description, sha256, "
    "signature, archive_sha256, size, published_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kSelect =
    "SELECT p.id, p.organization_id, p.name, p.version, p.platform, p.description, p.sha256, "
    "p.signature, p.archive_sha256, p.size, p.published_at FROM plugins p ";
constexpr std::string_view kByName =
    "WHERE p.organization_id = ? AND p.name = ? AND p.version = ? AND p.platform = ?";
constexpr std::string_view kNewestFirst =
    "WHERE p.organization_id = ? ORDER BY p.published_at DESC, p.id DESC LIMIT ? OFFSET ?";
constexpr std::string_view kForAgent =
    "JOIN clusters c ON c.organization_id = p.organization_id JOIN agents a ON a.cluster_id = c.id "
    "WHERE a.id = ? AND p.sha256 = ? AND p.platform = ?";
/// One plugin.json may be published for several platforms; agents of none get another signature.
constexpr std::string_view kSignedOtherwise =
    "WHERE p.organization_id = ? AND p.sha256 = ? AND p.signature <> ? LIMIT 1";

PublishedPlugin read_plugin(Row& row) {
  PublishedPlugin plugin;
  row.take(plugin.id, plugin.organization, plugin.name, plugin.version, plugin.platform,
           plugin.description, plugin.sha256, plugin.signature, plugin.archive_sha256, plugin.size,
           plugin.published_at);
  return plugin;
}

Error is_another(const PublishedPlugin& there, const PublishedPlugin& given) {
  const std::string what = there.name + "#" + there.version + " for " + there.platform;
  return Error(Errc::Conflict,
               there.sha256 != given.sha256
                   ? "another " + what + " is published, with sha256:" + there.sha256 +
                         "; what is published never changes: give this one a new version"
                   : what +
                         " is published with another signature, or with none; what is published "
                         "never changes: give this one a new version");
}

}  // namespace

Result<PublishedPlugin> publish_plugin(Connection& database, const PublishedPlugin& plugin) {
  OSTLER_TRY(auto there, database.find(sql(kSelect, kByName), read_plugin, plugin.organization,
                                       plugin.name, plugin.version, plugin.platform));
  if (there && there->sha256 != plugin.sha256) return is_another(*there, plugin);
  OSTLER_TRY(const auto otherwise,
             database.find(sql(kSelect, kSignedOtherwise), read_plugin, plugin.organization,
                           plugin.sha256, plugin.signature));
  if (otherwise) return is_another(*otherwise, plugin);
  if (there) return std::move(*there);
  OSTLER_TRY(return_to_hub(database, plugin));
  OSTLER_TRY(database.run(kInsert, plugin.id, plugin.organization, plugin.name, plugin.version,
                          plugin.platform, plugin.description, plugin.sha256, plugin.signature,
                          plugin.archive_sha256, plugin.size, plugin.published_at));
  return plugin;
}

Result<Page<PublishedPlugin>> list_plugins(Connection& database, OrganizationId organization,
                                           const PageRequest& page) {
  OSTLER_TRY(const auto window, window_of(page));
  return page_of(database.list(sql(kSelect, kNewestFirst), read_plugin, organization, window.limit,
                               window.offset),
                 page);
}

Result<PublishedPlugin> load_plugin_for(Connection& database, AgentId agent,
                                        const WantedPlugin& wanted) {
  OSTLER_TRY(auto plugin, database.find(sql(kSelect, kForAgent), read_plugin, agent, wanted.sha256,
                                        wanted.platform));
  if (plugin) return std::move(*plugin);
  return why_not_there(database, agent, wanted);
}

Result<PublishedPlugin> load_published_plugin(Connection& database, const FindPlugin& query) {
  OSTLER_TRY(auto plugin, database.find(sql(kSelect, kByName), read_plugin, query.organization,
                                        query.name, query.version, query.platform));
  if (plugin) return std::move(*plugin);
  return why_not_published(database, query);
}

Result<void> remove_unpublished(Connection& database, BlobStore& blobs) {
  OSTLER_TRY(const auto names, blobs.list(BlobKind::Plugin));
  const auto read = [](Row& row) {
    Uuid id;
    row.take(id);
    return id;
  };
  for (const BlobName& name : names) {
    OSTLER_TRY(const auto row, database.find("SELECT id FROM plugins WHERE id = ?", read, name.id));
    if (!row) {
      OSTLER_TRY(blobs.remove(name));
    }
  }
  return success();
}

}  // namespace ostler::store::sqlite
