// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace ostler::bench {

/// What is put into a hub's database beside the builds that it has.
struct OldBuilds {
  std::int64_t count = 1'000'000;  ///< builds of one job, over the last 60 days
  std::int64_t wide_count = 30;    ///< builds of the pipeline with the most jobs
  std::int64_t jobs_of_wide = 4'000;
};

/// Fills the database of a hub that does not run. Every row is a copy of one that the hub itself
/// has written: a finished build of one job in each pipeline, the newest pipeline being the wide
/// one. Three of four builds are of the oldest pipeline, six of ten of main, one of ten of a branch
/// release/N and the rest of a branch feature/N (2,000 and 6,000 branches), one of a hundred has
/// failed, one of a thousand has the meta-data env=production. Ends the program on an error.
void fill(const std::filesystem::path& database, const OldBuilds& what);

}  // namespace ostler::bench
