// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>

#include "base/result.hpp"
#include "supervise/service_record.hpp"

namespace ostler::supervise {

/// What the keeper of a service needs to be started.
struct ServicePlace {
  std::filesystem::path program;  ///< `ostler`
  std::filesystem::path root;     ///< the directory of all services
  std::filesystem::path groups;   ///< where its control group is made; empty: nowhere
  std::chrono::milliseconds begins_within = std::chrono::seconds(10);
};

/// Makes the directory of a service and starts its keeper, which is nobody's child then; returns
/// when the service has begun, or waits for its listener. Blocks for milliseconds.
/// Errors: Conflict when there is one of that id; Unavailable: what the keeper says, or that it
/// says nothing in time; nothing of the service is left then.
Result<void> start_service(const ServicePlace& place, const ServiceSpec& spec);

}  // namespace ostler::supervise
