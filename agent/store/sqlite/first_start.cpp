// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "model/slug.hpp"
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

Result<void> insert_founders(Connection& database, const Founders& founders,
                             const std::string& slug, Timestamp now) {
  OSTLER_TRY(
      database.run("INSERT INTO organizations (id, slug, name, created_at) VALUES (?, ?, ?, ?)",
                   founders.organization, slug, slug == "ostler" ? "Ostler" : slug, now));
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

Result<void> store_api_token(Connection& database, const Secret& token, UserId user,
                             const CreateApiToken& about) {
  std::vector<std::string> scopes = about.scopes;
  std::ranges::sort(scopes);
  return store_token(database, token,
                     {.kind = TokenKind::Api,
                      .organization = about.organization,
                      .user = user,
                      .description = about.description,
                      .scopes = std::move(scopes),
                      .created_at = about.now,
                      .expires_at = about.expires_at});
}

}  // namespace

Result<std::optional<FirstStartTokens>> first_start(Connection& database,
                                                    const FirstStart& command) {
  OSTLER_TRY(const auto count, database.find("SELECT count(*) FROM organizations", read_int));
  if (count.value_or(0) > 0) return std::optional<FirstStartTokens>();
  OSTLER_TRY(model::check_slug(command.organization));
  const Founders founders;
  OSTLER_TRY(insert_founders(database, founders, command.organization, command.now));
  const FirstStartTokens tokens = command.tokens ? *command.tokens : make_first_start_tokens();
  OSTLER_TRY(store_token(database, tokens.agent_token,
                         {.kind = TokenKind::Agent,
                          .organization = founders.organization,
                          .cluster = founders.cluster,
                          .description = "first agent token",
                          .created_at = command.now}));
  OSTLER_TRY(store_api_token(database, tokens.api_token, founders.user,
                             {.organization = founders.organization,
                              .description = "first API token",
                              .scopes = command.api_scopes,
                              .now = command.now}));
  return std::optional(tokens);
}

Result<Secret> create_api_token(Connection& database, const CreateApiToken& command) {
  OSTLER_TRY(const auto user,
             require(database.find("SELECT id FROM users WHERE organization_id = ? "
                                   "ORDER BY created_at, id LIMIT 1",
                                   read_value<UserId>, command.organization),
                     "organization"));
  Secret token = make_token(TokenKind::Api);
  OSTLER_TRY(store_api_token(database, token, user, command));
  return token;
}

}  // namespace ostler::store::sqlite
