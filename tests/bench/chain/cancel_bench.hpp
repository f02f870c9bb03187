// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ostler::bench {

/// How soon a job is gone once its agent has been told that it is canceled.
void measure_cancels();

}  // namespace ostler::bench
