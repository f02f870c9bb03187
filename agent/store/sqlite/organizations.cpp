// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kQueuePrefix = "queue=";

}  // namespace

Result<std::vector<model::Organization>> list_organizations(Connection& database) {
  return database.list(sql(kSelectOrganization, "ORDER BY created_at, id"), read_organization);
}

Result<model::Organization> load_organization(Connection& database, OrganizationId id) {
  return require(database.find(sql(kSelectOrganization, "WHERE id = ?"), read_organization, id),
                 "organization");
}

Result<model::Organization> load_organization_by_slug(Connection& database,
                                                      const std::string& slug) {
  return require(database.find(sql(kSelectOrganization, "WHERE slug = ?"), read_organization, slug),
                 "organization");
}

Result<std::vector<Queue>> list_queues(Connection& database, OrganizationId organization) {
  return database.list(sql(kSelectQueue, "WHERE c.organization_id = ? ORDER BY c.name, q.key"),
                       read_queue, organization);
}

Result<QueueId> resolve_queue(Connection& database, ClusterId cluster,
                              const std::vector<std::string>& rules) {
  for (const auto& rule : rules) {
    if (!rule.starts_with(kQueuePrefix)) continue;
    const std::string key = rule.substr(kQueuePrefix.size());
    OSTLER_TRY(const auto found,
               database.find("SELECT id FROM queues WHERE cluster_id = ? AND key = ?",
                             read_value<QueueId>, cluster, key));
    if (found) return *found;
    return Error(Errc::UserFault,
                 "queue \"" + key + "\" does not exist in the cluster; use an existing queue");
  }
  return require(database.find("SELECT id FROM queues WHERE cluster_id = ? AND is_default = 1",
                               read_value<QueueId>, cluster),
                 "default queue");
}

}  // namespace ostler::store::sqlite
