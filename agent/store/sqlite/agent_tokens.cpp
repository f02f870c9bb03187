// SPDX-License-Identifier: Apache-2.0
#include "store/clusters.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/tokens.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kSelectAgentTokens =
    "SELECT t.id, t.cluster_id, t.description, t.allowed_ip_addresses, t.created_at, t.expires_at, "
    "u.id, u.name, u.email, u.created_at FROM tokens t LEFT JOIN users u ON u.id = t.created_by "
    "WHERE t.cluster_id = ?1 AND t.kind = 1 AND (t.expires_at IS NULL OR t.expires_at > ?2) ";
constexpr std::string_view kUpdateAgentToken =
    "UPDATE tokens SET description = coalesce(?3, description), "
    "allowed_ip_addresses = coalesce(?4, allowed_ip_addresses) "
    "WHERE cluster_id = ?1 AND id = ?2 AND kind = 1";

model::AgentToken read_agent_token(Row& row) {
  model::AgentToken token;
  row.take(token.id, token.cluster, token.description, token.allowed_ip_addresses, token.created_at,
           token.expires_at);
  token.created_by = take_user(row);
  return token;
}

Result<model::AgentToken> load_agent_token(Connection& database, ClusterId cluster, TokenId id,
                                           Timestamp now) {
  return require(
      database.find(sql(kSelectAgentTokens, "AND t.id = ?3"), read_agent_token, cluster, now, id),
      "token");
}

}  // namespace

Result<std::vector<model::AgentToken>> list_agent_tokens(Connection& database, ClusterId cluster,
                                                         Timestamp now) {
  return database.list(sql(kSelectAgentTokens, "ORDER BY t.created_at, t.id"), read_agent_token,
                       cluster, now);
}

Result<NewAgentToken> create_agent_token(Connection& database, const CreateAgentToken& command) {
  OSTLER_TRY(require(database.find("SELECT 1 FROM clusters WHERE id = ? AND organization_id = ? "
                                   "AND deleted_at IS NULL",
                                   read_int, command.cluster, command.organization),
                     "cluster"));
  const TokenRow row{.kind = TokenKind::Agent,
                     .organization = command.organization,
                     .cluster = command.cluster,
                     .description = command.description,
                     .allowed_ip_addresses = command.allowed_ip_addresses,
                     .created_by = command.by,
                     .created_at = command.now,
                     .expires_at = command.expires_at};
  Secret text = make_token(TokenKind::Agent);
  OSTLER_TRY(store_token(database, text, row));
  OSTLER_TRY(auto token, load_agent_token(database, command.cluster, row.id, command.now));
  return NewAgentToken{.token = std::move(token), .text = std::move(text)};
}

Result<model::AgentToken> update_agent_token(Connection& database,
                                             const UpdateAgentToken& command) {
  OSTLER_TRY(database.run(kUpdateAgentToken, command.cluster, command.token, command.description,
                          command.allowed_ip_addresses));
  return load_agent_token(database, command.cluster, command.token, command.now);
}

Result<void> delete_agent_token(Connection& database, const DeleteAgentToken& command) {
  OSTLER_TRY(const auto deleted,
             database.run("DELETE FROM tokens WHERE cluster_id = ? AND id = ? AND kind = 1",
                          command.cluster, command.token));
  if (deleted == 0) return Error(Errc::NotFound, "no such token");
  return success();
}

}  // namespace ostler::store::sqlite
