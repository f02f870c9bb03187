// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/slot.hpp"
#include "daemon/state_directory.hpp"

namespace ostler::daemon {

/// Writes into every session and job of the state directory that its server is at `endpoint` now.
/// Errors: a record that cannot be read or written.
Result<void> move_leftovers(const StateDirectory& state, const std::string& endpoint);

/// Gives every session and job that an earlier agent left to a slot: to the slot it was in, or,
/// when there are fewer slots now, to another.
/// Errors: a state directory that cannot be read.
Result<void> adopt_leftovers(const StateDirectory& state,
                             const std::vector<std::unique_ptr<Slot>>& slots);

}  // namespace ostler::daemon
