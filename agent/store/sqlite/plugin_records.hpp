// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/plugin_records.hpp"
#include "store/sqlite/connection.hpp"

// Reads and writes of store/plugin_records.hpp, as those of commands.hpp and queries.hpp.
namespace ostler::store::sqlite {

Result<PublishedPlugin> load_published_plugin(Connection& database, const FindPlugin& query);

Result<std::optional<KeptState>> find_plugin_state(Connection& database, const FindState& query);
Result<std::int64_t> change_plugin_state(Connection& database, const ChangeState& command);
Result<std::vector<std::string>> list_plugin_state_keys(Connection& database,
                                                        const FindState& query);

Result<void> put_secret(Connection& database, const PutSecret& command);
/// The job is over: nobody sends its values again.
Result<void> forget_puts_of(Connection& database, JobId job);

/// The job is over: nobody sends its changes again.
Result<void> forget_changes_of(Connection& database, JobId job);

/// A number that no earlier call has given, and greater than all of these.
Result<std::int64_t> next_plugin_number(Connection& database);

}  // namespace ostler::store::sqlite
