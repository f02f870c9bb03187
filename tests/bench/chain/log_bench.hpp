// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ostler::bench {

/// How fast a command's output reaches the journal and the hub, through pipe and terminal, with and
/// without secrets; and what the kernel's terminal alone lets through.
void measure_logs();

}  // namespace ostler::bench
