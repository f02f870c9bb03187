// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ostler::bench {

/// Measures the lists of pipelines and of agents by each of their filters, at a hub that has 10,000
/// of both. Every row is a copy of one that the hub itself has written. The pipelines are of 100
/// teams, a tenth of them archived; the agents are connected, ten on each host, a tenth of them in
/// another queue, a hundredth of an older version.
void measure_fleet();

}  // namespace ostler::bench
