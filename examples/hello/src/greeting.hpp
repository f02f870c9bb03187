// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace hello {

/// "Hello, <name>!"; an empty name is the world's.
std::string greeting(std::string_view name);

}  // namespace hello
