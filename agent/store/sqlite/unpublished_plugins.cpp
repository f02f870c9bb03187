// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/unpublished_plugins.hpp"

#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kToUnpublish =
    "SELECT id, platform, sha256 FROM plugins WHERE organization_id = ? AND name = ? AND version = "
    "? "
    "AND ? IN ('', platform)";
constexpr std::string_view kInsertUnpublished =
    "INSERT INTO unpublished_plugins (organization_id, name, version, platform, sha256, "
    "unpublished_at) VALUES (?, ?, ?, ?, ?, ?)";
constexpr std::string_view kWasPublished =
    "SELECT sha256 FROM unpublished_plugins WHERE organization_id = ? AND name = ? AND version = ? "
    "AND platform = ?";
constexpr std::string_view kForgetUnpublished =
    "DELETE FROM unpublished_plugins WHERE organization_id = ? AND name = ? AND version = ? AND "
    "platform = ?";
constexpr std::string_view kUnpublishedForAgent =
    "SELECT u.sha256 FROM unpublished_plugins u JOIN clusters c ON c.organization_id = "
    "u.organization_id JOIN agents a ON a.cluster_id = c.id WHERE a.id = ? AND u.sha256 = ? AND "
    "u.platform = ?";

/// What is taken off.
struct UnpublishedRow {
  PluginId id;
  std::string platform;
  std::string sha256;
};

UnpublishedRow read_unpublished_row(Row& row) {
  UnpublishedRow read;
  row.take(read.id, read.platform, read.sha256);
  return read;
}

std::string read_unpublished_digest(Row& row) {
  std::string sha256;
  row.take(sha256);
  return sha256;
}

/// `was` is the digest of one that was taken off.
Error not_there(const Result<std::optional<std::string>>& was) {
  if (!was) return was.error();
  if (!was.value()) return Error(Errc::NotFound, "no such plugin");
  return Error(Errc::NotFound, "the plugin was taken off the hub").with_native(kPluginUnpublished);
}

}  // namespace

Result<std::vector<PluginId>> unpublish_plugin(Connection& database,
                                               const UnpublishPlugin& command) {
  OSTLER_TRY(const auto found,
             database.list(kToUnpublish, read_unpublished_row, command.organization, command.name,
                           command.version, command.platform));
  if (found.empty()) return Error(Errc::NotFound, "no such plugin is published");
  std::vector<PluginId> gone;
  for (const UnpublishedRow& row : found) {
    OSTLER_TRY(database.run(kInsertUnpublished, command.organization, command.name, command.version,
                            row.platform, row.sha256, command.now));
    OSTLER_TRY(database.run("DELETE FROM plugins WHERE id = ?", row.id));
    gone.push_back(row.id);
  }
  return gone;
}

Result<void> return_to_hub(Connection& database, const PublishedPlugin& plugin) {
  OSTLER_TRY(const auto sha256,
             database.find(kWasPublished, read_unpublished_digest, plugin.organization, plugin.name,
                           plugin.version, plugin.platform));
  if (!sha256) return success();
  if (*sha256 != plugin.sha256) {
    return Error(Errc::Conflict, "another " + plugin.name + "#" + plugin.version + " for " +
                                     plugin.platform + " was published once, with sha256:" +
                                     *sha256 + "; give this one a new version");
  }
  OSTLER_TRY(database.run(kForgetUnpublished, plugin.organization, plugin.name, plugin.version,
                          plugin.platform));
  return success();
}

Error why_not_there(Connection& database, AgentId agent, const WantedPlugin& wanted) {
  return not_there(database.find(kUnpublishedForAgent, read_unpublished_digest, agent,
                                 wanted.sha256, wanted.platform));
}

Error why_not_published(Connection& database, const FindPlugin& query) {
  return not_there(database.find(kWasPublished, read_unpublished_digest, query.organization,
                                 query.name, query.version, query.platform));
}

}  // namespace ostler::store::sqlite
