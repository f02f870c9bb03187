// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"
#include "store/sqlite/connection.hpp"

namespace ostler::store::sqlite {

/// The numbered migrations in order: entry n takes a database of version n to n + 1. They are the
/// files of `migrations/`, embedded; a landed one is never edited.
std::span<const std::string_view> migrations();

/// Whether a database is one of ours, of whatever version. Errors: UserFault when it is not.
Result<void> check_is_store(Connection& database);

/// Errors: UserFault when the SQLite library lacks a module that the store needs.
Result<void> check_module(Connection& database, std::string_view module);

/// Brings a database to the newest version, in one transaction. Its version is `user_version`; it
/// is marked as ours by `application_id`.
/// Errors, after which it is untouched: UserFault when it is of a newer version or not a store of
/// Ostler, or SQLite lacks FTS5; a full disk.
Result<void> migrate(Connection& database);

}  // namespace ostler::store::sqlite
