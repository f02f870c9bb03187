// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "supervise/service_record.hpp"

// The directory `services` in the state directory of an agent: one directory for each service, by
// its id. Whoever may enter it can read how services fare, whether an agent runs or not.
namespace ostler::supervise {

struct Service {
  ServiceSpec spec;
  ServiceState state;  ///< Lost when it was not over and nobody keeps it
  bool is_kept = false;
  bool is_newly_lost = false;  ///< and nobody has written that down
};

/// Those that have begun, the oldest first. Errors: those of reading. Records that are damaged, or
/// of a later version, are left out.
Result<std::vector<Service>> list_services(const std::filesystem::path& root);
/// Errors: NotFound.
Result<Service> find_service(const std::filesystem::path& root, const std::string& id);

/// The last bytes of what it has printed. `limit`: at most so many.
std::string read_service_log(const std::filesystem::path& root, const std::string& id,
                             std::size_t limit);

/// Writes down that its keeper died, and ends what is left of it. Blocks for up to a few seconds.
/// Errors: Conflict when it is kept; those of writing.
Result<void> conclude_lost_service(const std::filesystem::path& root, const Service& service);

}  // namespace ostler::supervise
