// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin_host/box_verdict.hpp"

namespace ostler::plugin_host {

/// The same with the functions of its crash, as far as `library`, the descriptor of the plugin's
/// shared object, says them. Reads a table that may be long.
/// Requires: there is a crash.
BoxEvidence with_names(BoxEvidence evidence, int library);

}  // namespace ostler::plugin_host
