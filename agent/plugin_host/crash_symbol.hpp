// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin_host/box_verdict.hpp"

namespace ostler::plugin_host {

/// Names the functions of a crash, as far as `library`, the descriptor of the plugin's shared
/// object, says them. A program has no symbols of ours to look up.
void name_crash(BoxEvidence& evidence, int library);

}  // namespace ostler::plugin_host
