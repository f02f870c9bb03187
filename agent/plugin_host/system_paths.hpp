// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "supervise/box_message.hpp"

namespace ostler::plugin_host {

/// What of the system every plugin may touch: absolute path, "read" or "write".
supervise::Pairs system_paths(bool network);

}  // namespace ostler::plugin_host
