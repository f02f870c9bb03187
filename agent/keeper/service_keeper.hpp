// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ostler::keeper {

/// `ostler keeper --service DIRECTORY [--groups G]`: owns one service, a process that outlives its
/// job: its tree, listening socket, restarts, log and health probe. Descriptor 0 has the service
/// with its environment (supervise/service_record.hpp); descriptor 3 is told "ok" once it has
/// begun, or why it cannot be. The work is done by a copy of this process that nobody waits for.
/// `arguments` are those after the word keeper. Returns the exit status.
int run_service(int count, char** arguments);

}  // namespace ostler::keeper
