// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/abi.h>

#include <string>

// What a plugin gets that has programs run outside its box.
namespace zoo {

/// Runs a shell script in the way that `how` says, and tells what came of it.
std::string run_script(const ostler_host_t* host, const std::string& how,
                       const std::string& script);

}  // namespace zoo
