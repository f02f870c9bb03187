// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/uuid.hpp"
#include "store/sqlite/connection.hpp"

namespace ostler::store::sqlite {

/// The numbers are stored: append, never renumber.
enum class TokenKind : std::uint8_t { Agent = 1, Session = 2, Job = 3, Api = 4 };

/// A row of `tokens`; which ids are there depends on the kind.
struct TokenRow {
  TokenId id = TokenId::make();
  TokenKind kind = TokenKind::Agent;
  std::optional<OrganizationId> organization{};
  std::optional<ClusterId> cluster{};
  std::optional<UserId> user{};
  std::optional<AgentId> agent{};
  std::optional<JobId> job{};
  std::string description{};
  std::vector<std::string> scopes{};
  std::string allowed_ip_addresses{};
  std::optional<UserId> created_by{};
  Timestamp created_at;
  std::optional<Timestamp> expires_at{};
};

/// A fresh token with 256 random bits; its prefix tells people what it is for.
Secret make_token(TokenKind kind);

/// The job token that belongs to a session's token: the same for the same two, so that accept can
/// be repeated although only hashes are stored, and of no use to find the session's token.
Secret derive_job_token(const Secret& session_token, JobId job);

/// Stores the hash of a token. A token that is stored already stays as it is.
Result<void> store_token(Connection& database, const Secret& token, const TokenRow& row);

}  // namespace ostler::store::sqlite
