// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace ostler::cli {

/// Writes "ostler: <message>" as one line to standard error and returns kExitFailed.
int fail(std::string_view message);
/// The same for wrong usage or wrong input: returns kExitRefused.
int refuse(std::string_view message);
/// Writes the error and returns kExitRefused for a UserFault, else kExitFailed.
int fail(const Error& error);

}  // namespace ostler::cli
