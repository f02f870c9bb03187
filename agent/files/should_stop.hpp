// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace ostler::files {

/// Asked before each entry of a tree or each piece of a file, by the thread that goes through it:
/// whether to leave the rest alone. None: never.
using ShouldStop = std::function<bool()>;

}  // namespace ostler::files
