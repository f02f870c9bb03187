// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::cli {

/// What this machine lacks for building step plugins, and on a second line how to mend it, by what
/// CMake said when it was to prepare a build; empty: that failed of something else.
std::string missing_tools(std::string_view said);

/// The same where the SDK of Ostler is missing.
std::string missing_sdk();

}  // namespace ostler::cli
