// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

model::User read_user(Row& row) {
  model::User user;
  row.take(user.id, user.name, user.email, user.created_at);
  return user;
}

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

Result<std::vector<model::User>> list_users(Connection& database, OrganizationId organization) {
  return database.list(
      "SELECT id, name, email, created_at FROM users WHERE organization_id = ? "
      "ORDER BY created_at, id",
      read_user, organization);
}

}  // namespace ostler::store::sqlite
