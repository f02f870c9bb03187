// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::hub {

/// Where a browser is led that has signed in: to `wanted`, the path and query of a page that it
/// asked for. "/" for whatever might lead it to another host, and for what is too long.
std::string return_path(std::string_view wanted);

}  // namespace ostler::hub
