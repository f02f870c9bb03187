// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "files/file_lock.hpp"
#include "supervise/service_record.hpp"

namespace ostler::supervise {

/// Kills the keeper of the service in `directory`, if it has one, and takes its lock, so that no
/// other begins there. Blocks for up to a few seconds. Errors: Timeout; those of locking.
Result<files::FileLock> take_service_from_keeper(const std::filesystem::path& directory);

/// Ends what the keeper has left: the group, processes, the socket. Blocks for up to a few seconds.
/// Returns whether no process is left. Requires: the lock of the service.
bool end_lost_service(const std::filesystem::path& directory, const ServiceSpec& spec);

}  // namespace ostler::supervise
