// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/schema.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace ostler::store::sqlite {
namespace {

/// "Ostl"
constexpr std::int64_t kApplicationId = 0x4F73746C;

constexpr auto kMigrations = std::to_array<std::string_view>({
#include "store/sqlite/migrations.inc"
});

std::int64_t read_number(Row& row) {
  std::int64_t number = 0;
  row.take(number);
  return number;
}

Result<std::int64_t> number_of(Connection& database, std::string_view sql) {
  OSTLER_TRY(const auto number, database.find(sql, read_number));
  return number.value_or(0);
}

Result<bool> is_empty(Connection& database) {
  OSTLER_TRY(const auto owner, number_of(database, "PRAGMA application_id"));
  OSTLER_TRY(const auto version, number_of(database, "PRAGMA user_version"));
  OSTLER_TRY(const auto tables, number_of(database, "SELECT count(*) FROM sqlite_schema"));
  return owner == 0 && version == 0 && tables == 0;
}

/// From `version` to the newest, one after the other.
Result<void> apply_from(Connection& database, std::size_t version) {
  for (; version < kMigrations.size(); ++version) {
    const std::string script = std::string(kMigrations[version]) +
                               "\nPRAGMA user_version = " + std::to_string(version + 1) +
                               ";\nPRAGMA application_id = " + std::to_string(kApplicationId) + ";";
    if (auto applied = database.run_script(script); !applied) {
      return std::move(applied.error()).with_context("migration " + std::to_string(version + 1));
    }
  }
  return success();
}

}  // namespace

std::span<const std::string_view> migrations() { return kMigrations; }

Result<void> check_is_store(Connection& database) {
  OSTLER_TRY(const auto owner, number_of(database, "PRAGMA application_id"));
  if (owner == kApplicationId) return success();
  return Error(Errc::UserFault, "the database is not a store of Ostler; use another --data-path");
}

Result<void> check_module(Connection& database, std::string_view module) {
  OSTLER_TRY(const auto found,
             database.find("SELECT 1 FROM pragma_module_list WHERE name = ?", read_number, module));
  if (found) return success();
  return Error(Errc::UserFault, "the SQLite library of this machine has no " + std::string(module) +
                                    ", which the store needs; install one that has it");
}

Result<void> migrate(Connection& database) {
  OSTLER_TRY(check_module(database, "fts5"));
  OSTLER_TRY(const bool is_new, is_empty(database));
  if (!is_new) {
    OSTLER_TRY(check_is_store(database));
  }
  OSTLER_TRY(const auto version, number_of(database, "PRAGMA user_version"));
  const auto newest = static_cast<std::int64_t>(kMigrations.size());
  if (version > newest) {
    return Error(Errc::UserFault, "the store is of version " + std::to_string(version) +
                                      ", written by a newer ostler; this one knows up to version " +
                                      std::to_string(newest) +
                                      ": run the newer ostler, or another --data-path");
  }
  if (version == newest) return success();
  OSTLER_TRY(database.run_script("BEGIN IMMEDIATE"));
  auto applied = apply_from(database, static_cast<std::size_t>(version));
  if (applied) applied = database.run_script("COMMIT");
  if (!applied && database.in_transaction()) static_cast<void>(database.run_script("ROLLBACK"));
  return applied;
}

}  // namespace ostler::store::sqlite
