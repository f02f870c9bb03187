// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/tokens.hpp"

#include "crypto/digest.hpp"
#include "crypto/random.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

std::string_view prefix_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::Agent: return "osta_";
    case TokenKind::Session: return "osts_";
    case TokenKind::Job: return "ostj_";
    case TokenKind::Api: return "ostu_";
  }
  return "";
}

Secret with_prefix(TokenKind kind, std::string_view text) {
  return Secret(sql(prefix_of(kind), text));
}

constexpr std::string_view kInsert =
    "INSERT INTO tokens (hash, id, kind, organization_id, cluster_id, user_id, agent_id, job_id, "
    "description, scopes, allowed_ip_addresses, created_by, created_at, expires_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (hash) DO NOTHING";
constexpr std::string_view kSelect =
    "SELECT t.id, t.kind, t.organization_id, t.cluster_id, t.user_id, t.agent_id, t.job_id, "
    "t.description, t.scopes, t.allowed_ip_addresses, t.created_at, t.expires_at, "
    "coalesce(a.instance, '') "
    "FROM tokens t LEFT JOIN agents a ON a.id = t.agent_id "
    "WHERE t.hash = ?1 AND (t.expires_at IS NULL OR t.expires_at > ?2)";
constexpr std::string_view kSelectApi =
    "SELECT id, description, scopes, created_at, expires_at FROM tokens "
    "WHERE organization_id = ? AND kind = ? AND (expires_at IS NULL OR expires_at > ?) "
    "ORDER BY created_at, id";
constexpr std::string_view kSelectUser =
    "SELECT id, name, email, created_at FROM users WHERE id = ?";

/// A token with what its use depends on.
struct FoundToken : TokenRow {
  std::string instance;  ///< of its agent
};

FoundToken read_token(Row& row) {
  FoundToken token;
  row.take(token.id, token.kind, token.organization, token.cluster, token.user, token.agent,
           token.job, token.description, token.scopes, token.allowed_ip_addresses, token.created_at,
           token.expires_at, token.instance);
  return token;
}

ApiToken read_api_token(Row& row) {
  ApiToken token;
  row.take(token.id, token.description, token.scopes, token.created_at, token.expires_at);
  return token;
}

model::User read_user(Row& row) {
  model::User user;
  row.take(user.id, user.name, user.email, user.created_at);
  return user;
}

Result<Principal> job_holder(Connection& database, const FoundToken& token) {
  OSTLER_TRY(const auto build, require(database.find("SELECT build_id FROM jobs WHERE id = ?",
                                                     read_value<BuildId>, token.job),
                                       "job"));
  return Principal(JobHolder{.job = token.job.value_or(JobId{}),
                             .build = build,
                             .agent = token.agent.value_or(AgentId{}),
                             .instance = token.instance,
                             .is_over = token.expires_at.has_value()});
}

Result<Principal> api_holder(Connection& database, const TokenRow& token) {
  OSTLER_TRY(auto user, require(database.find(kSelectUser, read_user, token.user), "user"));
  return Principal(ApiHolder{.token = token.id,
                             .organization = token.organization.value_or(OrganizationId{}),
                             .user = std::move(user),
                             .description = token.description,
                             .scopes = token.scopes,
                             .created_at = token.created_at,
                             .expires_at = token.expires_at});
}

}  // namespace

Secret make_token(TokenKind kind) { return with_prefix(kind, crypto::random_token()); }

Secret derive_job_token(const Secret& session_token, JobId job) {
  crypto::Digest digest(crypto::Algorithm::Sha256);
  digest.update("ostler job token\n");
  digest.update(job.str());
  digest.update(session_token.reveal());
  return with_prefix(TokenKind::Job, digest.finish_hex());
}

Result<void> store_token(Connection& database, const Secret& token, const TokenRow& row) {
  OSTLER_TRY(database.run(kInsert, crypto::sha256_hex(token.reveal()), row.id, row.kind,
                          row.organization, row.cluster, row.user, row.agent, row.job,
                          row.description, row.scopes, row.allowed_ip_addresses, row.created_by,
                          row.created_at, row.expires_at));
  return success();
}

Result<void> delete_api_token(Connection& database, const DeleteApiToken& command) {
  OSTLER_TRY(const auto deleted, database.run("DELETE FROM tokens WHERE id = ? AND kind = ?",
                                              command.token, TokenKind::Api));
  if (deleted == 0) return Error(Errc::NotFound, "no such token");
  return success();
}

Result<std::vector<ApiToken>> list_api_tokens(Connection& database, OrganizationId organization,
                                              Timestamp now) {
  return database.list(kSelectApi, read_api_token, organization, TokenKind::Api, now);
}

Result<Principal> authenticate(Connection& database, const Secret& token, Timestamp now) {
  OSTLER_TRY(const auto row,
             database.find(kSelect, read_token, crypto::sha256_hex(token.reveal()), now));
  if (!row) return Error(Errc::Denied, "the token is not known, or has expired");
  switch (row->kind) {
    case TokenKind::Agent:
      return Principal(
          AgentTokenHolder{.token = row->id,
                           .organization = row->organization.value_or(OrganizationId{}),
                           .cluster = row->cluster.value_or(ClusterId{}),
                           .description = row->description,
                           .allowed_ip_addresses = row->allowed_ip_addresses});
    case TokenKind::Session:
      return Principal(
          SessionHolder{.agent = row->agent.value_or(AgentId{}), .instance = row->instance});
    case TokenKind::Job: return job_holder(database, *row);
    case TokenKind::Api: return api_holder(database, *row);
  }
  return Error(Errc::Corrupt, "a token of unknown kind is stored");
}

}  // namespace ostler::store::sqlite
