// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "hub/upkeep/blob_files.hpp"
#include "wire/backup.hpp"

namespace ostler::hub {

/// Checks the data of a hub, which may be running, or a backup: the database's own structure, the
/// references between its rows, and that every log and artifact it speaks of is there with the
/// right size. Faults are in the result.
/// Errors: NotFound when there is no database; UserFault when it is none of ours; Conflict when a
/// backup or another check is under way.
Result<wire::HubCheck> check_hub(const std::filesystem::path& directory, const Progress& progress);

}  // namespace ostler::hub
