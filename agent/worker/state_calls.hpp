// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "worker/service_calls.hpp"

namespace ostler::worker {

/// Whether a plugin asks for a value that is kept for later runs: "ostler.state/1/get".
bool is_state_call(std::string_view method);

/// As plan_service_call, for the plugin of that id. Errors: also Unavailable when the job's server
/// keeps no such values.
Result<ServiceCall> plan_state_call(JobContext& job, const std::string& plugin,
                                    const std::string& method,
                                    const std::vector<std::string>& arguments);

/// Whether the job's server has said that it keeps `service`, such as "state", for step plugins.
bool server_keeps(const JobContext& job, std::string_view service);
/// Errors: Unavailable, naming the service, when not.
Result<void> check_server_keeps(const JobContext& job, std::string_view service);

}  // namespace ostler::worker
