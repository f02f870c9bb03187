// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace ostler::cli {

/// Runs a command of a job wherever this process is: through the job's socket, or over HTTP when
/// there is none or `arguments` name a server. Its exit status.
int run_with_server(RunWithServer command, Arguments arguments);

}  // namespace ostler::cli
