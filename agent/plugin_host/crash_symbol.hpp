// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin_host/box_verdict.hpp"

namespace ostler::plugin_host {

/// The same with the functions of its crash, as far as the plugin (the first of `code`) and its
/// libraries say them. Reads tables that may be long.
/// Requires: there is a crash.
BoxEvidence with_names(BoxEvidence evidence, const std::vector<CodeFile>& code);

}  // namespace ostler::plugin_host
