// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/jobs.hpp"

namespace ostler::hub {

/// Tells the operator what time has done: a line for each agent that is lost and each job that it
/// has moved, with what happens next.
void log_sweep(const store::SweepResult& swept);

}  // namespace ostler::hub
