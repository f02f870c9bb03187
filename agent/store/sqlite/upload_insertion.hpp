// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "model/pipeline.hpp"
#include "store/builds.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/job_moves.hpp"

namespace ostler::store::sqlite {

/// Takes one upload into the build of its job; how many jobs that made. Everything that can be
/// wrong with it is found before anything is written.
/// Errors: UserFault, with nothing written.
Result<std::int64_t> insert_upload(Connection& database, JobMoves& moves,
                                   const UploadPipeline& command, const JobRow& uploader,
                                   model::Pipeline pipeline);

}  // namespace ostler::store::sqlite
