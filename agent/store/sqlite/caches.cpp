// SPDX-License-Identifier: Apache-2.0
#include "store/caches.hpp"

#include <algorithm>

#include "crypto/digest.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// Entries that are looked at for a stand-in.
constexpr std::int64_t kMostStandIns = 1'000;

constexpr std::string_view kInsert =
    "INSERT INTO caches (id, cluster_id, key_hash, family_hash, target_paths, key_values, "
    "mandatory, blobs, platform, committed, created_at, expires_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)";
constexpr std::string_view kMakeRoom =
    "DELETE FROM caches WHERE id IN (SELECT id FROM caches WHERE cluster_id = ? "
    "ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?)";
constexpr std::string_view kCommit =
    "UPDATE caches SET committed = 1, expires_at = ?2 WHERE id = ?1 AND committed = 0";
constexpr std::string_view kReplace =
    "DELETE FROM caches WHERE cluster_id = ?1 AND committed = 1 AND id <> ?2 AND key_hash = "
    "(SELECT key_hash FROM caches WHERE id = ?2)";
constexpr std::string_view kSelect =
    "SELECT id, target_paths, key_values, mandatory, blobs, expires_at FROM caches ";
constexpr std::string_view kSame =
    "WHERE cluster_id = ? AND key_hash = ? AND committed = 1 AND expires_at > ?";
constexpr std::string_view kStandIns =
    "WHERE cluster_id = ? AND family_hash = ? AND committed = 1 AND expires_at > ? "
    "ORDER BY created_at DESC, id DESC LIMIT ?";
constexpr std::string_view kExpire =
    "DELETE FROM caches WHERE cluster_id = ? AND key_hash = ? AND committed = 1";
constexpr std::string_view kForget =
    "DELETE FROM caches WHERE id IN (SELECT id FROM caches WHERE expires_at <= ? "
    "ORDER BY expires_at LIMIT ?)";

CacheEntry read_entry(Row& row) {
  CacheEntry entry;
  std::vector<std::string> values;
  std::string mandatory;
  row.take(entry.id, entry.target_paths, values, mandatory, entry.blobs, entry.expires_at);
  for (std::size_t at = 0; at < values.size(); ++at) {
    entry.key.push_back({std::move(values[at]), at < mandatory.size() && mandatory[at] == '1'});
  }
  return entry;
}

/// Of texts and where each ends.
std::string hash_of(const std::vector<std::string>& paths, const model::CacheKey& key,
                    std::size_t parts) {
  crypto::Digest digest(crypto::Algorithm::Sha256);
  const auto add = [&](std::string_view text) {
    digest.update(std::to_string(text.size()) + ":");
    digest.update(text);
  };
  for (const std::string& path : paths) add(path);
  digest.update("/");
  for (std::size_t at = 0; at < std::min(parts, key.size()); ++at) add(key[at].value);
  return digest.finish_hex();
}

template <class Command>
std::string key_hash(const Command& command) {
  return hash_of(command.target_paths, command.key, command.key.size());
}
template <class Command>
std::string family_hash(const Command& command) {
  return hash_of(command.target_paths, command.key, 1);
}

std::optional<FoundCache> found(const model::CacheKey& wanted, std::optional<CacheEntry> entry) {
  if (!entry) return std::nullopt;
  const bool is_fall_back = !model::is_same(wanted, entry->key);
  return FoundCache{std::move(*entry), is_fall_back};
}

}  // namespace

Result<CacheId> store_cache(Connection& database, const StoreCache& command) {
  OSTLER_TRY(require(database.find("SELECT 1 FROM clusters WHERE id = ? AND deleted_at IS NULL",
                                   read_int, command.cluster),
                     "cluster"));
  std::vector<std::string> values;
  std::string mandatory;
  for (const model::CacheKeyPart& part : command.key) {
    values.push_back(part.value);
    mandatory += part.is_mandatory ? '1' : '0';
  }
  const CacheId id = CacheId::make();
  OSTLER_TRY(database.run(kInsert, id, command.cluster, key_hash(command), family_hash(command),
                          command.target_paths, values, mandatory, command.blobs, command.platform,
                          command.now, command.now + kCacheUploadLife));
  OSTLER_TRY(database.run(kMakeRoom, command.cluster, kMostCaches));
  return id;
}

Result<void> commit_cache(Connection& database, const CommitCache& command) {
  OSTLER_TRY(require(database.find("SELECT 1 FROM caches WHERE id = ? AND cluster_id = ?", read_int,
                                   command.id, command.cluster),
                     "cache upload"));
  OSTLER_TRY(database.run(kCommit, command.id, command.now + kCacheLife));
  OSTLER_TRY(database.run(kReplace, command.cluster, command.id));
  return success();
}

Result<void> expire_cache(Connection& database, const ExpireCache& command) {
  OSTLER_TRY(database.run(kExpire, command.cluster, key_hash(command)));
  return success();
}

Result<bool> forget_caches(Connection& database, Timestamp now, std::int64_t limit) {
  OSTLER_TRY(const auto forgotten, database.run(kForget, now, limit));
  return forgotten == limit;
}

Result<std::optional<FoundCache>> find_cache(Connection& database, const FindCache& query) {
  OSTLER_TRY(auto same, database.find(sql(kSelect, kSame), read_entry, query.cluster,
                                      key_hash(query), query.now));
  if (same || !query.may_fall_back) return found(query.key, std::move(same));
  OSTLER_TRY(auto entries, database.list(sql(kSelect, kStandIns), read_entry, query.cluster,
                                         family_hash(query), query.now, kMostStandIns));
  std::optional<CacheEntry> best;
  std::size_t best_rank = 0;
  for (CacheEntry& entry : entries) {  // the newest first
    const auto rank = model::fall_back_rank(query.key, entry.key);
    if (!rank || *rank <= best_rank) continue;
    best_rank = *rank;
    best = std::move(entry);
  }
  return found(query.key, std::move(best));
}

}  // namespace ostler::store::sqlite
