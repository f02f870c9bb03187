// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "supervise/service_record.hpp"

namespace ostler::daemon {

/// Whether a plugin may ask for that. Errors: UserFault, for the plugin.
Result<void> check_service(const supervise::ServiceSpec& spec);

/// What its process gets: a small base of the agent's own variables, what was given, and who it is.
std::vector<std::string> service_environment(const supervise::ServiceSpec& spec);

}  // namespace ostler::daemon
