// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "supervise/service_directory.hpp"

namespace ostler::daemon {

/// As an array: `ostler service list --json`, and what a plugin is told. Without arguments of the
/// programs, which only the owner of the machine is to see.
std::string encode_services(const std::vector<supervise::Service>& services);
/// One of them with all that is known of it.
std::string encode_service(const supervise::Service& service);

}  // namespace ostler::daemon
