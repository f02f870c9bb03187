// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "pipeline/fault_list.hpp"

namespace ostler::cli {

/// The faults of a pipeline for its author: UserFault with the line of each, below it the line of
/// `text` where it is and a caret under the place. Safe for a terminal.
Error shown_faults(const pipeline::FaultList& faults, std::string_view text);

}  // namespace ostler::cli
