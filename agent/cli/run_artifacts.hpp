// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "cli/hub_client.hpp"

namespace ostler::cli {

struct SavedArtifacts {
  std::vector<std::filesystem::path> paths;  ///< beneath the directory, in the order of upload
  std::vector<Error> faults;                 ///< of those that were not saved
};

/// Downloads `artifacts` to their paths beneath `directory`, which is made. Of two with one path
/// the later stays.
SavedArtifacts save_artifacts(HubClient& hub,
                              const std::vector<wire::RestArtifactAnswer>& artifacts,
                              const std::filesystem::path& directory);

}  // namespace ostler::cli
