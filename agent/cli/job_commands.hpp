// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/command.hpp"

namespace ostler::cli {

/// The small commands of a job, in the order of `ostler help`. One source each, for both programs:
/// `ostler` runs them where there is a job socket, `ostler-host` everywhere else.
std::span<const Command> job_commands();

}  // namespace ostler::cli
