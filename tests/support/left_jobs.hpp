// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace ostler::support {

/// Ends the jobs that a killed agent left running in its state directory, keepers, processes and
/// control groups: they are made to outlive agents, but must not outlive tests.
void end_left_jobs(const std::filesystem::path& state);

}  // namespace ostler::support
