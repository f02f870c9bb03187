// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/commands.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kFind =
    "SELECT k.digest, b.id FROM request_keys k JOIN builds b ON b.id = k.build_id "
    "WHERE k.token_id = ? AND k.key = ? AND k.expires_at > ?";
constexpr std::string_view kKeep =
    "INSERT INTO request_keys (token_id, key, digest, build_id, expires_at) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (token_id, key) DO UPDATE SET digest = excluded.digest, "
    "build_id = excluded.build_id, expires_at = excluded.expires_at";

struct KnownRequest {
  std::string digest;
  BuildId build;
};

KnownRequest read_known_request(Row& row) {
  KnownRequest known;
  row.take(known.digest, known.build);
  return known;
}

}  // namespace

Result<std::optional<model::Build>> find_build_of_request(Connection& database,
                                                          const FindRequest& query) {
  OSTLER_TRY(const auto known,
             database.find(kFind, read_known_request, query.key.token, query.key.key, query.now));
  if (!known) return std::optional<model::Build>();
  if (known->digest != query.key.digest) {
    return Error(Errc::Conflict, "Idempotency-Key \"" + query.key.key +
                                     "\" came with another request in the last 24 hours; use a "
                                     "new key for a new request");
  }
  OSTLER_TRY(auto build, load_build(database, known->build));
  return std::optional(std::move(build));
}

Result<void> keep_request_key(Connection& database, const RequestKey& key, BuildId build,
                              Timestamp now) {
  OSTLER_TRY(database.run(kKeep, key.token, key.key, key.digest, build, now + kRequestKeyLife));
  return success();
}

}  // namespace ostler::store::sqlite
