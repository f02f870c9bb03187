// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/result.hpp"

namespace ostler::plugin_host {

/// How long a request of a plugin may take, in milliseconds; zero: as long as it wants. More than a
/// day is a day. Errors: UserFault for no such number.
Result<std::chrono::milliseconds> read_deadline(const std::string& text);

}  // namespace ostler::plugin_host
