// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ostler::cli {

inline constexpr std::string_view kHttpCalls = "ostler.http/1/";

/// "NAME=value" for each variable of this process, for its child that makes requests.
std::vector<std::string> entries_of_process();

}  // namespace ostler::cli
