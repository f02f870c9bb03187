// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string_view>
#include <vector>

namespace ostler::process {

/// Kills every process of this machine, but this one, that was started with `variable`
/// ("NAME=value") in its environment, until none is found or the time is over. Processes whose
/// environment we may not read are not seen. Returns those that are left.
std::vector<pid_t> kill_strays(std::string_view variable, std::chrono::milliseconds timeout);

}  // namespace ostler::process
