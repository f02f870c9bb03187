// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "store/sqlite/connection.hpp"

namespace ostler::store::sqlite {

/// Copies that upgrades leave behind; older ones are removed.
inline constexpr std::size_t kUpgradeCopies = 2;

/// Brings a database to the newest version. One that has to be changed is copied first, to
/// `<file>.version-<its version>` beside it, for the way back to an older program.
/// Errors: those of `migrate`; Unavailable when there is no room for the copy: nothing is changed.
Result<void> upgrade(Connection& database, const std::filesystem::path& file);

}  // namespace ostler::store::sqlite
