// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

// The keeper: one small process per job that owns the job's process tree, output and journal, and
// outlives the agent. docs/keeper-protocol.md says how it is started and spoken to.
namespace ostler::keeper {

/// `ostler keeper --job-dir D --socket S --epoch N`; `arguments` are those after the word keeper.
/// `worker_main` is what a copy of this process runs as the job's worker, with a connected socket
/// as descriptor 3; it returns that process's exit status. Requires: this process has one thread.
/// Returns the exit status: 0 when the verdict is written (or the job was abandoned), 1 when the
/// keeper could not do its work, 2 for wrong usage.
/// With --service first it keeps a service instead; see service_keeper.hpp.
int run(int count, char** arguments, const std::function<int()>& worker_main);

/// Sets what holds for a keeper's process as a whole; spawn gives children their own signals
/// again. Returns a signalfd of SIGCHLD and SIGTERM.
Result<UniqueFd> set_up_process(const char* name);

}  // namespace ostler::keeper
