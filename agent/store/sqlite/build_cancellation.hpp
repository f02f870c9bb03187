// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/pipeline.hpp"
#include "store/sqlite/job_moves.hpp"

namespace ostler::store::sqlite {

/// Cancels what a build has left to do. Requires: it is neither over nor being canceled.
Result<void> cancel_all_jobs(Connection& database, JobMoves& moves, BuildId build,
                             const std::string& reason);

/// A build that may take the place of others.
struct NewerBuild {
  const std::string& branch;
  std::int64_t number = 0;
  std::optional<BuildId> triggered_from;  ///< waits for it, and stays
};

/// Skips the queued builds and cancels the running ones that a new one makes pointless, as its
/// pipeline's settings say.
/// Source: reference/pipeline-yaml.md 18.6.
Result<void> end_superseded(Connection& database, JobMoves& moves, const model::Pipeline& pipeline,
                            const NewerBuild& newer);

}  // namespace ostler::store::sqlite
