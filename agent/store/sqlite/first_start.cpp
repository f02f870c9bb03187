// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "store/sqlite/commands.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/tokens.hpp"

namespace ostler::store {

FirstStartTokens make_first_start_tokens() {
  return {.agent_token = sqlite::make_token(sqlite::TokenKind::Agent),
          .api_token = sqlite::make_token(sqlite::TokenKind::Api)};
}

}  // namespace ostler::store

namespace ostler::store::sqlite {
namespace {

struct Founders {
  OrganizationId organization = OrganizationId::make();
  ClusterId cluster = ClusterId::make();
  QueueId queue = QueueId::make();
  UserId user = UserId::make();
};

Result<void> insert_founders(Connection& database, const Founders& founders, Timestamp now) {
  OSTLER_TRY(database.run(
      "INSERT INTO organizations (id, slug, name, created_at) VALUES (?, 'ostler', 'Ostler', ?)",
      founders.organization, now));
  OSTLER_TRY(database.run(
      "INSERT INTO clusters (id, organization_id, name, created_at) VALUES (?, ?, 'Default', ?)",
      founders.cluster, founders.organization, now));
  OSTLER_TRY(
      database.run("INSERT INTO queues (id, cluster_id, key, is_default, created_at) "
                   "VALUES (?, ?, 'default', 1, ?)",
                   founders.queue, founders.cluster, now));
  OSTLER_TRY(
      database.run("INSERT INTO users (id, organization_id, name, email, created_at) "
                   "VALUES (?, ?, 'Administrator', 'admin@localhost', ?)",
                   founders.user, founders.organization, now));
  return success();
}

}  // namespace

Result<std::optional<FirstStartTokens>> first_start(Connection& database,
                                                    const FirstStart& command) {
  OSTLER_TRY(const auto count, database.find("SELECT count(*) FROM organizations", read_int));
  if (count.value_or(0) > 0) return std::optional<FirstStartTokens>();
  const Founders founders;
  OSTLER_TRY(insert_founders(database, founders, command.now));
  const FirstStartTokens tokens = command.tokens ? *command.tokens : make_first_start_tokens();
  OSTLER_TRY(store_token(database, tokens.agent_token,
                         {.kind = TokenKind::Agent,
                          .organization = founders.organization,
                          .cluster = founders.cluster,
                          .description = "first agent token",
                          .created_at = command.now}));
  std::vector<std::string> scopes = command.api_scopes;
  std::ranges::sort(scopes);
  OSTLER_TRY(store_token(database, tokens.api_token,
                         {.kind = TokenKind::Api,
                          .organization = founders.organization,
                          .user = founders.user,
                          .description = "first API token",
                          .scopes = std::move(scopes),
                          .created_at = command.now}));
  return std::optional(tokens);
}

}  // namespace ostler::store::sqlite
