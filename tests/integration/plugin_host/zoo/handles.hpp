// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/abi.h>

#include <string>

// What a plugin does with programs that it has started.
namespace zoo {

/// Starts a shell script, uses it in the way that `how` says, and tells what came of it.
std::string use_handle(const ostler_host_t* host, const std::string& how,
                       const std::string& script);

}  // namespace zoo
