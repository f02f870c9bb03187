// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/abi.h>

#include <string>

// What a plugin gets that asks the server for something.
namespace zoo {

/// Makes the calls of a script, one a line: "ostler.meta-data/1/set|key|value", where "#3#ab" is
/// "ababab" and "=" the last request by HTTP. "wait" says so in
/// the log, "cleanup" begins to clean up.
/// Tells the status and the value, or error, of each.
std::string make_calls(const ostler_host_t* host, const std::string& script);

}  // namespace zoo
