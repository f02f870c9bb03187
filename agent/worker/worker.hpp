// SPDX-License-Identifier: Apache-2.0
#pragma once

// The worker: the process of one job, child of its keeper. Runs the job's phases, owns terminals
// and pipes, and hands redacted, stamped output to the keeper. One thread.
namespace ostler::worker {

/// What the keeper runs in a copy of itself, with a connected socket as descriptor 3. Returns the
/// exit status: 0 when the job was reported, 1 when the keeper went away.
int run();

}  // namespace ostler::worker
