// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "store/plugin_records.hpp"
#include "store/sqlite/connection.hpp"

// Plugins that were published and are not any more.
namespace ostler::store::sqlite {

Result<std::vector<PluginId>> unpublish_plugin(Connection& database,
                                               const UnpublishPlugin& command);

/// A plugin that is published again is none of them any more.
/// Errors: Conflict when another one had its name, version and platform.
Result<void> return_to_hub(Connection& database, const PublishedPlugin& plugin);

/// What to tell an agent that wants a plugin which is not there.
Error why_not_there(Connection& database, AgentId agent, const WantedPlugin& wanted);

/// What to tell a person who names one.
Error why_not_published(Connection& database, const FindPlugin& query);

}  // namespace ostler::store::sqlite
